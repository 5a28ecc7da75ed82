package dev.whatif.core.report;

import org.jspecify.annotations.Nullable;

/**
 * Whose samples are wanted.
 *
 * @param thread a thread's id or a part of its name; null for all
 * @param process a process's id; null for all
 */
public record ReportFilter(@Nullable String thread, @Nullable Long process) {

  /** Everybody's. */
  public static final ReportFilter ALL = new ReportFilter(null, null);

  /** Whether a sample of this thread is wanted. */
  public boolean accepts(long processId, long threadId, String threadName) {
    if (process != null && process != processId) {
      return false;
    }
    return thread == null || threadName.contains(thread) || thread.equals(Long.toString(threadId));
  }

  /** The sentence for when nothing is left. */
  public String nobody(long others) {
    String who = thread == null ? "process " + process : "thread '" + Terminal.clean(thread) + "'";
    return "no sample of %s; %s samples of others (see threads in the report without it)"
        .formatted(who, ProfileText.count(others));
  }

  /** Whether anything is left out. */
  public boolean isActive() {
    return thread != null || process != null;
  }
}
