package dev.whatif.core.recording;

/**
 * Something that is not in the recording, and exactly how much; event {@code whatif.Loss}. Nothing
 * is lost silently: a recording without these events has everything. {@link #kind()} says whether
 * it was dropped or never made.
 *
 * @param timeNanos when it was noticed, {@code CLOCK_MONOTONIC} nanoseconds
 * @param source who lost it, for example {@code perf ring 3}
 * @param reason why
 * @param count how many, at least 1
 * @param processId whose, or 0 when that is not known
 */
public record Loss(long timeNanos, String source, String reason, long count, int processId) {

  /** Dropped: the kernel had no room for it. */
  public static final String RING_FULL = "ring full";

  /** Dropped: the kernel switched the timer off until its next tick. */
  public static final String THROTTLED = "throttled: the kernel found that samples took too long";

  /** Never made. */
  public static final String MISSED_TICK =
      "missed tick: the timer came late, or a thread ended within a period";

  /** Not permitted to be made. */
  public static final String UNSEEN_KERNEL = "in the kernel, where samples are not permitted";

  /** What it means for the numbers; what is not known as something else was dropped. */
  public LossKind kind() {
    return switch (reason) {
      case MISSED_TICK -> LossKind.MISSED;
      case UNSEEN_KERNEL -> LossKind.UNSEEN_KERNEL;
      default -> LossKind.DROPPED;
    };
  }
}
