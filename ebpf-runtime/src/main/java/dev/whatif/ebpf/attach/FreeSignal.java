package dev.whatif.ebpf.attach;

import dev.whatif.core.capability.SignalUse;
import dev.whatif.core.failure.UnavailableException;
import dev.whatif.core.process.TaskStatus;
import java.util.List;

/** Real-time signals for our own use, chosen as {@code whatif doctor} tells: {@link SignalUse}. */
final class FreeSignal {

  /** None below is ever ours. */
  static final int LOWEST = 34;

  private FreeSignal() {}

  /**
   * Free ones, the best first.
   *
   * @throws UnavailableException when there is none
   */
  static List<Integer> candidates(int pid) {
    List<Integer> free = SignalUse.of(pid).free();
    if (free.isEmpty()) {
      throw new UnavailableException(
          "process %d uses every real-time signal itself".formatted(pid),
          "profile it without signals (whatif record)");
    }
    return free;
  }

  /** A field like {@code SigCgt}: signal n is bit n-1. */
  static long signals(TaskStatus status, String field) {
    String text = status.text(field);
    return text.isEmpty() ? 0 : Long.parseUnsignedLong(text, 16);
  }

  static boolean contains(long set, int signal) {
    return SignalUse.contains(set, signal);
  }
}
