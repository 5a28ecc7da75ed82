package dev.whatif.core.capability;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;

/**
 * What a process does with its signals, as {@code /proc/PID/task/TID/status} shows it
 * (Documentation/filesystems/proc.rst, table 1-2): the way to a real-time signal that is nobody's.
 *
 * <p>Read thread by thread while the process runs: what it changes meanwhile is not seen. In a set,
 * bit N - 1 is signal N.
 *
 * @param caught signals with a handler
 * @param ignored signals that are ignored
 * @param pending signals that wait for the process or one of its threads
 * @param blocked by thread: the signals that it does not take now
 */
public record SignalUse(long caught, long ignored, long pending, Map<Integer, Long> blocked) {

  /**
   * 32 and 33 are the C library's own (glibc: SIGCANCEL, SIGSETXID), 34 is musl's SIGSYNCCALL:
   * {@code SIGRTMIN} is 34 or 35 for everybody else.
   */
  private static final int FIRST = 35;

  private static final int LAST = 64;

  /** Copies the table. */
  public SignalUse {
    blocked = Map.copyOf(blocked);
  }

  /** Of a process of this machine; empty sets when it is gone. */
  public static SignalUse of(int pid) {
    return of(ProcessStatus.ofThreads(KernelFiles.ofThisMachine(), pid));
  }

  static SignalUse of(List<ProcessStatus> threads) {
    long caught = 0;
    long ignored = 0;
    long pending = 0;
    Map<Integer, Long> blocked = new TreeMap<>();
    for (ProcessStatus t : threads) {
      caught |= t.signals("SigCgt");
      ignored |= t.signals("SigIgn");
      pending |= t.signals("SigPnd") | t.signals("ShdPnd");
      blocked.put(t.pid(), t.signals("SigBlk"));
    }
    return new SignalUse(caught, ignored, pending, blocked);
  }

  /**
   * The real-time signals that nobody handles, ignores or waits for. One that every thread blocks
   * is taken by sigwait or a signalfd, as far as can be told, and is not free.
   */
  public List<Integer> free() {
    List<Integer> free = new ArrayList<>();
    for (int signal = FIRST; signal <= LAST; signal++) {
      boolean used = contains(caught | ignored | pending, signal);
      boolean waitedFor = !blocked.isEmpty() && blockers(signal).size() == blocked.size();
      if (!used && !waitedFor) {
        free.add(signal);
      }
    }
    return free;
  }

  /** The one to use: blocked by the fewest threads, and of those the highest; empty when none. */
  public OptionalInt choice() {
    OptionalInt best = OptionalInt.empty();
    int fewest = Integer.MAX_VALUE;
    for (int signal : free()) {
      int blockers = blockers(signal).size();
      if (blockers <= fewest) {
        best = OptionalInt.of(signal);
        fewest = blockers;
      }
    }
    return best;
  }

  /** The threads that do not take a signal now, in order. */
  public List<Integer> blockers(int signal) {
    return blocked.entrySet().stream()
        .filter(t -> contains(t.getValue(), signal))
        .map(Map.Entry::getKey)
        .sorted()
        .toList();
  }

  private static boolean contains(long set, int signal) {
    return (set >>> (signal - 1) & 1) != 0;
  }
}
