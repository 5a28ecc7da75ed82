package dev.whatif.causal.account;

/**
 * How the accounting works.
 *
 * @param periodNanos between two samples of a CPU; 0 is none: nothing is attributed, nobody paused
 * @param quantumNanos debts below are not collected; they stay owed
 * @param longestPauseNanos of one delay
 * @param frameBytes what a signal needs below the interrupted stack pointer
 * @param readsContext whether the kernel's own counters say what a CPU is doing, where they can be
 *     found; else it is followed, which costs more
 */
public record AccountingOptions(
    long periodNanos,
    long quantumNanos,
    long longestPauseNanos,
    int frameBytes,
    boolean readsContext) {

  /**
   * Samples every 701 us, which is no multiple of usual timers; debts of 100 us are collected, in
   * pauses of at most 20 ms; frames as large as this CPU's registers make them.
   */
  public static final AccountingOptions DEFAULT =
      new AccountingOptions(701_000, 100_000, 20_000_000, SignalFrame.bytes(), true);

  /** The same with another period. */
  public AccountingOptions withPeriod(long nanos) {
    return new AccountingOptions(nanos, quantumNanos, longestPauseNanos, frameBytes, readsContext);
  }

  /** The same, following what CPUs do even where that can be read. */
  public AccountingOptions withoutReadingContext() {
    return new AccountingOptions(periodNanos, quantumNanos, longestPauseNanos, frameBytes, false);
  }
}
