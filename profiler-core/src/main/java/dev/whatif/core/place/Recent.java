package dev.whatif.core.place;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Answers that were given lately, by what was asked. Thread-safe. */
final class Recent<T> {

  private final Map<String, T> answers;

  /**
   * Without any.
   *
   * @param most that are kept; the one that was not asked for the longest time goes first
   */
  Recent(int most) {
    answers =
        new LinkedHashMap<>(16, 0.75f, true) {
          private static final long serialVersionUID = 1L;

          @Override
          protected boolean removeEldestEntry(Map.Entry<String, T> eldest) {
            return size() > most;
          }
        };
  }

  synchronized @Nullable T get(String question) {
    return answers.get(question);
  }

  synchronized void put(String question, T answer) {
    answers.put(question, answer);
  }

  synchronized void clear() {
    answers.clear();
  }
}
