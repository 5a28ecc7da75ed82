package dev.whatif.core.capability;

import dev.whatif.core.elf.ElfFile;
import dev.whatif.core.failure.BadDataException;
import java.io.UncheckedIOException;
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
 * @param withoutMusl whether it is certain that signal 34 is not musl's
 */
public record SignalUse(
    long caught, long ignored, long pending, Map<Integer, Long> blocked, boolean withoutMusl) {

  /** Programs count up from SIGRTMIN, so the search goes down; valgrind has 64 for itself. */
  private static final int HIGHEST = 63;

  private static final int LOWEST = 35;
  private static final int VALGRIND = 64;

  /**
   * The lowest that a program under glibc may use, as 32 and 33 are its own (SIGCANCEL, SIGSETXID);
   * musl has 34 for itself, too, and installs the handler only when it needs it. Go catches every
   * other signal, so that 34 is what is left there.
   */
  private static final int MUSL = 34;

  /** Copies the table. */
  public SignalUse {
    blocked = Map.copyOf(blocked);
  }

  /** Of a process of this machine; empty sets when it is gone. */
  public static SignalUse of(int pid) {
    KernelFiles files = KernelFiles.ofThisMachine();
    return of(files, pid, ProcessStatus.ofThreads(files, pid));
  }

  static SignalUse of(KernelFiles files, int pid, List<ProcessStatus> threads) {
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
    return new SignalUse(caught, ignored, pending, blocked, isWithoutMusl(files, pid));
  }

  private static boolean isWithoutMusl(KernelFiles files, int pid) {
    String proc = "/proc/" + pid;
    String maps = files.text(proc + "/maps").orElse("");
    if (maps.contains("/libc.so.6") || maps.contains("/libc-2.")) {
      return true;
    }
    try (ElfFile program = ElfFile.open(files.path(proc + "/exe"))) {
      return program.section(".note.go.buildid").isPresent();
    } catch (UncheckedIOException | BadDataException e) {
      return false;
    }
  }

  /**
   * The real-time signals that are neither caught nor ignored nor pending, the best first: those
   * that no thread blocks, then those that some block, last those that all block, for which
   * somebody may be waiting (sigwait, a signalfd).
   */
  public List<Integer> free() {
    List<Integer> order = new ArrayList<>();
    for (int signal = HIGHEST; signal >= LOWEST; signal--) {
      order.add(signal);
    }
    order.add(VALGRIND);
    if (withoutMusl) {
      order.add(MUSL);
    }
    order.removeIf(s -> contains(caught | ignored | pending, s));
    order.sort(java.util.Comparator.comparingInt(this::blockedness)); // stable
    return order;
  }

  /** 0: by nobody, 1: by some, 2: by all. */
  private int blockedness(int signal) {
    int blockers = blockers(signal).size();
    return blockers == 0 ? 0 : blockers < blocked.size() ? 1 : 2;
  }

  /** The one to use; empty when there is none. */
  public OptionalInt choice() {
    return free().stream().mapToInt(Integer::intValue).findFirst();
  }

  /** The threads that do not take a signal now, in order. */
  public List<Integer> blockers(int signal) {
    return blocked.entrySet().stream()
        .filter(t -> contains(t.getValue(), signal))
        .map(Map.Entry::getKey)
        .sorted()
        .toList();
  }

  /** Whether a signal is in a set as {@code /proc} prints them. */
  public static boolean contains(long set, int signal) {
    return (set >>> (signal - 1) & 1) != 0;
  }
}
