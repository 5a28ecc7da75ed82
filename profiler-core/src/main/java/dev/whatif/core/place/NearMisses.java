package dev.whatif.core.place;

import dev.whatif.core.elf.FunctionNames;
import dev.whatif.core.symbol.Demangler;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.UnaryOperator;

/** Names that a user may have meant. */
final class NearMisses {

  private static final int MOST = 5;
  private static final int MAX_CHARS = 128;

  /** Names looked at: enough for the largest programs, and a second of work. */
  private static final int MAX_NAMES = 500_000;

  private NearMisses() {}

  private record Candidate(String name, int distance) {}

  /**
   * The nearest texts, best first.
   *
   * @param part what of a text is compared
   */
  static List<String> of(String written, Collection<String> texts, UnaryOperator<String> part) {
    List<Candidate> found = new ArrayList<>();
    for (String text : texts) {
      int distance = distance(written, part.apply(text));
      if (distance >= 0) {
        found.add(new Candidate(text, distance));
      }
    }
    return best(found);
  }

  /** The functions of some files with the nearest names. */
  static List<String> ofFunctions(String written, List<OpenCode> files) {
    String base = QualifiedName.of(written).base();
    List<Candidate> found = new ArrayList<>();
    Set<String> seen = new LinkedHashSet<>();
    int looked = 0;
    for (OpenCode file : files) {
      FunctionNames names = file.names().orElse(null);
      for (int i = 0; names != null && i < names.count() && looked < MAX_NAMES; i++, looked++) {
        String linked = QualifiedName.withoutClone(names.text(i));
        if (linked.endsWith("@plt") || !seen.add(linked)) {
          continue;
        }
        QualifiedName name = QualifiedName.of(Demangler.demangle(linked).text());
        int distance = distance(base, name.base());
        if (distance >= 0) {
          found.add(new Candidate(name.plain(), distance));
        }
      }
    }
    return best(found);
  }

  private static List<String> best(List<Candidate> found) {
    return found.stream()
        .sorted(
            Comparator.comparingInt(Candidate::distance)
                .thenComparingInt(c -> c.name().length())
                .thenComparing(Candidate::name))
        .map(Candidate::name)
        .distinct()
        .limit(MOST)
        .toList();
  }

  /** How far apart two names are; -1 when nobody would confuse them. */
  private static int distance(String a, String b) {
    if (a.isEmpty() || b.isEmpty() || a.length() > MAX_CHARS || b.length() > MAX_CHARS) {
      return -1;
    }
    String x = a.toLowerCase(Locale.ROOT);
    String y = b.toLowerCase(Locale.ROOT);
    if (x.equals(y)) {
      return 0;
    }
    int allowed = Math.max(1, x.length() / 4);
    int edits = Math.abs(x.length() - y.length()) > allowed ? allowed + 1 : edits(x, y);
    if (edits <= allowed) {
      return edits;
    }
    boolean within = x.length() >= 3 && y.contains(x) || y.length() >= 4 && x.contains(y);
    return within ? MAX_CHARS + Math.abs(x.length() - y.length()) : -1;
  }

  /** Levenshtein's distance. */
  private static int edits(String x, String y) {
    int[] row = new int[y.length() + 1];
    for (int j = 0; j <= y.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= x.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= y.length(); j++) {
        int above = row[j];
        int change = diagonal + (x.charAt(i - 1) == y.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(change, 1 + Math.min(above, row[j - 1]));
        diagonal = above;
      }
    }
    return row[y.length()];
  }
}
