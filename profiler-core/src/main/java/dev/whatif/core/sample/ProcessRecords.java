package dev.whatif.core.sample;

import dev.whatif.core.linux.PerfEvent;
import dev.whatif.core.process.Mapping;
import dev.whatif.core.process.ProcMaps;
import dev.whatif.core.process.ProcTasks;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Reads the records that report changes of processes, and a process that is there already. */
final class ProcessRecords {

  // offsets in the records: include/uapi/linux/perf_event.h, enum perf_event_type
  private static final long PID = 8;
  private static final long FORK_PARENT = 12;
  private static final long FORK_TID = 16;
  private static final long FORK_MAKER = 20;
  private static final long TID = 12;
  private static final long COMM = 16;
  private static final long MMAP_ADDRESS = 16;
  private static final long MMAP_LENGTH = 24;
  private static final long MMAP_OFFSET = 32;
  private static final long MMAP2_MAJOR = 40;
  private static final long MMAP2_MINOR = 44;
  private static final long MMAP2_INODE = 48;
  private static final long MMAP2_PATH = 72;

  private ProcessRecords() {}

  /** The change that a record reports; empty for other records. */
  static Optional<ProcessChange> read(PerfRecord r) {
    int pid = r.u32(PID);
    return switch (r.type()) {
      case PerfEvent.PERF_RECORD_MMAP2 -> Optional.of(new ProcessChange.Mapped(pid, mapping(r)));
      case PerfEvent.PERF_RECORD_COMM -> {
        boolean exec = (r.misc() & PerfEvent.PERF_RECORD_MISC_COMM_EXEC) != 0;
        String name = r.text(COMM);
        yield Optional.of(
            exec
                ? new ProcessChange.Executed(pid, name)
                : new ProcessChange.Named(pid, r.u32(TID), name));
      }
      case PerfEvent.PERF_RECORD_FORK -> {
        int parent = r.u32(FORK_PARENT);
        yield Optional.of(
            pid == parent
                ? new ProcessChange.Cloned(pid, r.u32(FORK_TID), r.u32(FORK_MAKER))
                : new ProcessChange.Forked(pid, parent));
      }
      case PerfEvent.PERF_RECORD_EXIT ->
          Optional.of(new ProcessChange.Exited(pid, r.u32(FORK_TID)));
      default -> Optional.empty();
    };
  }

  private static Mapping mapping(PerfRecord r) {
    long start = r.u64(MMAP_ADDRESS);
    return new Mapping(
        start,
        start + r.u64(MMAP_LENGTH),
        r.u64(MMAP_OFFSET),
        r.text(MMAP2_PATH),
        String.format(Locale.ROOT, "%02x:%02x", r.u32(MMAP2_MAJOR), r.u32(MMAP2_MINOR)),
        r.u64(MMAP2_INODE),
        true);
  }

  /** A process as {@code /proc} shows it now; with nothing mapped when it is gone. */
  static ProcessChange.Appeared present(int pid) {
    List<Mapping> mappings;
    try {
      mappings = ProcMaps.read(pid).stream().filter(Mapping::executable).toList();
    } catch (IOException e) {
      mappings = List.of();
    }
    List<ProcessChange.Named> threads =
        ProcTasks.threads(pid).stream()
            .map(tid -> new ProcessChange.Named(pid, tid, ProcTasks.name(pid, tid).orElse("")))
            .toList();
    return new ProcessChange.Appeared(pid, ProcTasks.name(pid, pid).orElse(""), mappings, threads);
  }
}
