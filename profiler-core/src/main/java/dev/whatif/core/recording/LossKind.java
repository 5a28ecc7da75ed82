package dev.whatif.core.recording;

/** What a {@link Loss} means for the numbers of a recording. */
public enum LossKind {
  /** It was there and is not in the recording: a buffer was full, or the source was held back. */
  DROPPED,

  /**
   * It should have been there and was never made: timers that came late and were merged, as virtual
   * machines do, or a thread that ended within a period. Shares hold, totals are too small by this.
   */
  MISSED,

  /** It was in the kernel, where this user may not take samples: time spent there, not a loss. */
  UNSEEN_KERNEL
}
