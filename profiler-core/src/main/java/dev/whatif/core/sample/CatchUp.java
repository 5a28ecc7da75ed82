package dev.whatif.core.sample;

import dev.whatif.core.process.AddressSpace;
import dev.whatif.core.process.Mapping;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * After records were lost: looks in {@code /proc} what the watched processes have mapped and how
 * their threads are called, since one of the lost records may have told it. Not after each loss,
 * for losses come in numbers when the machine is busiest. Confined to the drain thread.
 */
final class CatchUp {

  private static final long LEAST_PAUSE_NANOS = 200_000_000;

  /** The pause is so many times as long as looking took. */
  private static final long PAUSE_FACTOR = 20;

  private boolean needed;
  private long notBefore = System.nanoTime();

  /** Something is to be caught up with. */
  void recordsWereLost() {
    needed = true;
  }

  boolean isDue() {
    return needed && System.nanoTime() - notBefore >= 0;
  }

  /** Looks at these processes. */
  void run(List<Integer> pids, IntConsumer look) {
    needed = false;
    long begin = System.nanoTime();
    pids.forEach(look::accept);
    long end = System.nanoTime();
    notBefore = end + Math.max(LEAST_PAUSE_NANOS, PAUSE_FACTOR * (end - begin));
  }

  /** The changes that make a picture of a process what it is. */
  static List<ProcessChange> untold(ProcessTable.TrackedProcess known, ProcessChange.Appeared now) {
    List<ProcessChange> changes = new ArrayList<>();
    for (Mapping m : now.mappings()) {
      if (!shows(known.space(), m)) {
        changes.add(new ProcessChange.Mapped(now.pid(), m));
      }
    }
    for (ProcessChange.Named thread : now.threads()) {
      if (!thread.name().isEmpty() && !thread.name().equals(known.threadName(thread.tid()))) {
        changes.add(thread);
      }
    }
    return changes;
  }

  /** The kernel splits and merges what records have told as one, without another record. */
  private static boolean shows(AddressSpace space, Mapping m) {
    Mapping known = space.find(m.start());
    if (known == null || !known.contains(m.end() - 1)) {
      return false;
    }
    if (!m.isFile()) {
      return !known.isFile();
    }
    return known.inode() == m.inode()
        && known.device().equals(m.device())
        && known.path().equals(m.path())
        && known.offsetOf(m.start()) == m.fileOffset();
  }
}
