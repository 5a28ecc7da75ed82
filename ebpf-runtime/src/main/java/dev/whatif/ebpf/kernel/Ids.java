package dev.whatif.ebpf.kernel;

import dev.whatif.core.failure.UnavailableException;
import dev.whatif.core.linux.Bpf;
import dev.whatif.core.linux.BpfCommand;
import dev.whatif.core.linux.BpfIdAttr;
import dev.whatif.core.linux.BpfInfoAttr;
import dev.whatif.core.linux.Errno;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.OptionalInt;

/** Numbers of the kernel's objects, and what it says about them. */
final class Ids {

  private Ids() {}

  /** A new descriptor of an object. */
  static int open(BpfCommand command, String what, int id) {
    return tryOpen(command, what, id)
        .orElseThrow(() ->
            new UnavailableException(
                "the kernel has no BPF " + what + " " + id, "list them with: bpftool " + what));
  }

  /** The same, empty when there is none (any more). */
  static OptionalInt tryOpen(BpfCommand command, String what, int id) {
    try (Arena arena = Arena.ofConfined()) {
      int fd = Bpf.tryCall(command, new BpfIdAttr(arena, id));
      if (-fd == Errno.ENOENT.value()) {
        return OptionalInt.empty();
      }
      if (fd < 0) {
        throw Refusal.of("open BPF " + what + " " + id, Bpf.failure(command, fd));
      }
      return OptionalInt.of(fd);
    }
  }

  /** The id after this one; 0 when there is none. */
  static int next(BpfCommand command, int id) {
    try (Arena arena = Arena.ofConfined()) {
      BpfIdAttr attr = new BpfIdAttr(arena, id);
      int result = Bpf.tryCall(command, attr);
      if (-result == Errno.ENOENT.value()) {
        return 0;
      }
      if (result < 0) {
        throw Refusal.of("list the kernel's BPF objects", Bpf.failure(command, result));
      }
      return attr.next();
    }
  }

  /** The facts about an object, zero where the kernel knows less. */
  static MemorySegment info(Arena arena, int fd, long bytes) {
    MemorySegment info = arena.allocate(bytes, 8);
    info(arena, fd, info);
    return info;
  }

  /** The same into a struct in which the caller has set pointers for the kernel to fill. */
  static void info(Arena arena, int fd, MemorySegment info) {
    Bpf.call(BpfCommand.BPF_OBJ_GET_INFO_BY_FD, new BpfInfoAttr(arena, fd, info));
  }
}
