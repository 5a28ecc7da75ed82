package dev.whatif.causal.account;

import dev.whatif.ebpf.kernel.MappedArray;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The threads in scope, in memory shared with the kernel's programs. Reading costs no system call
 * and sees each word as it is that moment. Any thread.
 */
public final class Levels {

  /**
   * One thread.
   *
   * @param index of its level
   * @param generation of whoever uses that level
   * @param tid its id; 0 when it has ended
   * @param pid of its process
   * @param handler address of our signal handler in its process, or 0
   * @param cpuNanos CPU time since it came into scope
   * @param idleNanos for how long it has waited for what nobody in scope caused
   * @param progress whether it has passed a progress point in this experiment
   */
  public record Level(
      int index,
      int generation,
      int tid,
      int pid,
      long handler,
      long cpuNanos,
      long idleNanos,
      boolean progress) {}

  private final MappedArray array;
  private final Globals globals;
  private final StructLayout layout;

  Levels(MappedArray array, Globals globals, StructLayout layout) {
    this.array = array;
    this.globals = globals;
    this.layout = layout;
  }

  /** How many there can be at once. */
  int capacity() {
    return array.count();
  }

  /** One that was never used, perhaps beyond {@link #capacity}. */
  int fresh() {
    return Math.toIntExact(globals.add("fresh", 1));
  }

  private int used() {
    return (int) Math.min(globals.get("fresh"), array.count());
  }

  /** All threads in scope, by their levels. */
  public List<Level> all() {
    List<Level> all = new ArrayList<>();
    int used = used();
    int epoch = (int) globals.get("epoch");
    for (int i = 0; i < used; i++) {
      int tid = array.getInt(i, layout.offset("tid"));
      if (tid != 0) {
        all.add(
            new Level(
                i,
                array.getInt(i, layout.offset("generation")),
                tid,
                array.getInt(i, layout.offset("pid")),
                array.getLong(i, layout.offset("handler")),
                array.getLong(i, layout.offset("cpu")),
                array.getLong(i, layout.offset("idle")),
                array.getInt(i, layout.offset("epoch")) == epoch
                    && array.getByte(i, layout.offset("progress")) != 0));
      }
    }
    return all;
  }

  /**
   * By how much the thread that has paid most is ahead of what was frozen in this experiment: more
   * than what was measured in excess would break the first invariant of {@code level.h}.
   */
  long mostOverpaidNanos() {
    long frozen = globals.get("frozen");
    int epoch = (int) globals.get("epoch");
    long most = 0;
    for (Level level : all()) {
      if (array.getInt(level.index(), layout.offset("epoch")) == epoch) {
        most = Math.max(most, array.getLong(level.index(), layout.offset("paid")) - frozen);
      }
    }
    return most;
  }

  /** The processes that have threads in scope. */
  public Set<Integer> processes() {
    Set<Integer> pids = new TreeSet<>();
    all().forEach(level -> pids.add(level.pid()));
    return pids;
  }

  /** Says where our handler is in a process: its threads may be paused from now on; 0 ends that. */
  public void handler(int pid, long address, int signal) {
    for (Level level : all()) {
      if (level.pid() == pid) {
        array.putInt(level.index(), layout.offset("signal"), signal);
        array.putLongRelease(level.index(), layout.offset("handler"), address);
      }
    }
  }

  /** Prepares a level for a thread that is to come into scope. */
  void prepare(int index, int tid, int pid) {
    for (int at = 0; at + Long.BYTES <= layout.size(); at += Long.BYTES) {
      array.putLong(index, at, 0);
    }
    array.putInt(index, layout.offset("pid"), pid);
    array.putInt(index, layout.offset("tid"), tid);
  }

  void forget(int index) {
    array.putInt(index, layout.offset("tid"), 0);
  }
}
