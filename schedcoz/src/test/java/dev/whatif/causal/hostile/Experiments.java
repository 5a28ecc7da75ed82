package dev.whatif.causal.hostile;

import dev.whatif.causal.account.Accounting;
import dev.whatif.causal.account.AccountingOptions;
import dev.whatif.causal.account.CodeRanges;
import dev.whatif.causal.account.Totals;
import dev.whatif.causal.backend.SignalBackend;
import dev.whatif.core.dwarf.DebugFiles;
import dev.whatif.core.failure.UsageException;
import dev.whatif.core.place.CodeRange;
import dev.whatif.core.place.Place;
import dev.whatif.core.place.TargetCode;
import dev.whatif.core.process.Target;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;

/** Experiments on a process and its children, as a run makes them, until it is told to stop. */
final class Experiments implements AutoCloseable {

  private static final long STEP_NANOS = 10_000_000;

  /** Of wall time, in which everybody is delayed while the region is not found. */
  private static final double DELAY = 0.25;

  private final Accounting accounting;
  private final SignalBackend backend;
  private final Map<Integer, String> refusals = new TreeMap<>();
  private final Target target;

  Experiments(Accounting accounting, int pid) {
    this.accounting = accounting;
    this.backend = new SignalBackend(accounting);
    this.target = Target.tree(pid);
  }

  /** What all experiments of a test class can share. */
  static Accounting accounting() {
    return Accounting.start(AccountingOptions.DEFAULT);
  }

  /**
   * Experiments for so long: the region as fast as can be, then a delay of everybody, and so on.
   *
   * @return what the kernel's programs have counted
   */
  Totals run(double seconds) {
    Totals before = accounting.totals();
    target.processes().forEach(accounting::admit);
    backend.follow();
    boolean region = region();
    long end = System.nanoTime() + (long) (seconds * 1e9);
    for (int i = 0; System.nanoTime() < end && !target.processes().isEmpty(); i++) {
      accounting.begin(region && i % 3 != 2 ? 0 : -1, 1, region && i % 3 != 2 ? 0 : DELAY);
      for (int step = 0; step < 10 && System.nanoTime() < end; step++) {
        LockSupport.parkNanos(STEP_NANOS);
        backend.follow();
      }
      accounting.end();
      refusals.putAll(backend.refusals());
    }
    return accounting.totals().since(before);
  }

  private boolean region() {
    try (TargetCode code = TargetCode.of(target, DebugFiles.standard())) {
      List<CodeRange> ranges = code.ranges(Place.parse("hot"));
      CodeRange first = ranges.getFirst();
      accounting.region(
          0,
          List.of(
              new CodeRanges(
                  (int) first.file().device(),
                  first.file().inode(),
                  ranges.stream()
                      .filter(r -> r.file().inode() == first.file().inode())
                      .map(r -> new CodeRanges.Range(r.start(), r.end()))
                      .toList())));
      return true;
    } catch (UsageException e) {
      return false; // unloaded this moment
    }
  }

  /** Processes that could not be entered at some time, and why. */
  Map<Integer, String> refusals() {
    return refusals;
  }

  @Override
  public void close() {
    backend.close();
  }
}
