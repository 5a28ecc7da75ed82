package dev.whatif.causal.account;

import dev.whatif.core.recording.Recorder;
import java.util.LinkedHashMap;
import java.util.Map;

/** How the accounting of a run fared, in its recording: for those who doubt a result. */
public final class AccountingFacts {

  private static final String PREFIX = "causal.accounting.";

  private AccountingFacts() {}

  /** Adds the amounts since the accounting began to the facts of a recording. */
  public static void write(Accounting accounting, Recorder recorder) {
    Totals totals = accounting.totals();
    Map<String, Long> numbers = new LinkedHashMap<>();
    numbers.put("pauses", totals.pauses());
    numbers.put("paused.nanos", totals.pausedNanos());
    numbers.put("unpausable", totals.unpausable());
    numbers.put("unpausable.no.room", totals.noRoom());
    numbers.put("unplaced.samples", totals.unplaced());
    numbers.put("lost.places", totals.lostPlaces());
    numbers.put("unexplained.wakes", totals.unexplained());
    numbers.put("unlevelled.threads", accounting.unlevelled());
    numbers.forEach((name, number) -> recorder.environment(PREFIX + name, Long.toString(number)));
    recorder.environment(PREFIX + "context", accounting.readsContext() ? "read" : "followed");
    recorder.environment(PREFIX + "in.step", Boolean.toString(accounting.inStep()));
  }
}
