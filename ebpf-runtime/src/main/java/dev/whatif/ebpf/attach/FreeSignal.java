package dev.whatif.ebpf.attach;

import dev.whatif.core.elf.ElfFile;
import dev.whatif.core.failure.BadDataException;
import dev.whatif.core.failure.UnavailableException;
import dev.whatif.core.process.Mapping;
import dev.whatif.core.process.ProcMaps;
import dev.whatif.core.process.ProcTasks;
import dev.whatif.core.process.TaskStatus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Real-time signals that a process does not use: neither caught nor ignored, not pending, and
 * rather blocked by no thread.
 *
 * <p>From 63 down to 35: programs count up from SIGRTMIN, and valgrind takes 64 for itself, which
 * comes next. Last 34, the lowest that a program under glibc may use, when that or Go is there:
 * musl has it for itself, as glibc has 32 and 33, and installs the handler only when it needs it.
 * Go catches every other signal, so that 34 is what is left there.
 */
final class FreeSignal {

  private static final int LOWEST = 35;
  private static final int HIGHEST = 63;
  private static final int VALGRIND = 64;
  private static final int MUSL = 34;

  private FreeSignal() {}

  /**
   * Free ones, the best first.
   *
   * @throws UnavailableException when there is none
   */
  static List<Integer> candidates(int pid) {
    long taken = 0;
    long blocked = 0;
    for (int tid : ProcTasks.threads(pid)) {
      Optional<TaskStatus> status = TaskStatus.of(pid, tid);
      if (status.isPresent()) {
        TaskStatus s = status.get();
        taken |= signals(s, "SigCgt") | signals(s, "SigIgn");
        taken |= signals(s, "SigPnd") | signals(s, "ShdPnd");
        blocked |= signals(s, "SigBlk");
      }
    }
    List<Integer> order = order(isSafeFromMusl(pid));
    List<Integer> result = new ArrayList<>();
    for (int signal : order) {
      if (!contains(taken | blocked, signal)) {
        result.add(signal);
      }
    }
    for (int signal : order) {
      if (contains(blocked & ~taken, signal)) {
        result.add(signal);
      }
    }
    if (result.isEmpty()) {
      throw new UnavailableException(
          "process %d uses every real-time signal itself".formatted(pid),
          "profile it without signals (whatif record)");
    }
    return result;
  }

  static List<Integer> order(boolean lowestToo) {
    List<Integer> order = new ArrayList<>();
    for (int signal = HIGHEST; signal >= LOWEST; signal--) {
      order.add(signal);
    }
    order.add(VALGRIND);
    if (lowestToo) {
      order.add(MUSL);
    }
    return order;
  }

  /** A field like {@code SigCgt}: signal n is bit n-1. */
  static long signals(TaskStatus status, String field) {
    String text = status.text(field);
    return text.isEmpty() ? 0 : Long.parseUnsignedLong(text, 16);
  }

  static boolean contains(long set, int signal) {
    return (set >>> signal - 1 & 1) != 0;
  }

  private static boolean isSafeFromMusl(int pid) {
    try {
      if (ProcMaps.read(pid).stream()
          .map(Mapping::objectName)
          .anyMatch(n -> n.startsWith("libc.so.6") || n.startsWith("libc-2."))) {
        return true;
      }
      try (ElfFile program = ElfFile.open(Path.of("/proc/" + pid + "/exe"))) {
        return program.section(".note.go.buildid").isPresent();
      }
    } catch (IOException | UncheckedIOException | BadDataException e) {
      return false;
    }
  }
}
