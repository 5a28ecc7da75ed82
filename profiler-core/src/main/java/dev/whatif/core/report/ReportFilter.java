package dev.whatif.core.report;

import dev.whatif.core.recording.SampledThread;
import org.jspecify.annotations.Nullable;

/**
 * Whose samples are wanted.
 *
 * @param thread a thread's id or a part of its name; null for all
 * @param process a process's id; null for all
 */
public record ReportFilter(@Nullable String thread, @Nullable Integer process) {

  /** Everybody's. */
  public static final ReportFilter ALL = new ReportFilter(null, null);

  /** Whether samples of this thread are wanted. */
  public boolean accepts(SampledThread sampled) {
    if (process != null && process != sampled.processId()) {
      return false;
    }
    return thread == null
        || sampled.name().contains(thread)
        || thread.equals(Integer.toString(sampled.threadId()));
  }

  /** The sentence for when nothing is left. */
  public String nobody(long others) {
    String who = thread == null ? "process " + process : "thread '" + Terminal.clean(thread) + "'";
    return "no sample of %s; %s samples of others (see threads in the report without it)"
        .formatted(who, ProfileText.count(others));
  }
}
