package dev.whatif.ebpf.runtime;

import dev.whatif.core.linux.Errno;
import dev.whatif.core.linux.LinuxException;
import dev.whatif.core.linux.Uio;
import dev.whatif.core.linux.Unistd;
import dev.whatif.ebpf.interpreter.Execution;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Helpers that read memory which is not the program's. Stateless. */
final class MemoryCalls {

  private static final int PAGE = 4096;

  private MemoryCalls() {}

  /** bpf_probe_read and its kin: all of it, or zeroes and -EFAULT. */
  static long read(Execution e) {
    long bytes = e.argument(2) & 0xffff_ffffL;
    MemorySegment into = e.write(e.argument(1), bytes);
    if (bytes == 0 || copy(e.argument(3), into) == bytes) {
      return 0;
    }
    into.fill((byte) 0);
    return -Errno.EFAULT.value();
  }

  /** bpf_probe_read_str: with the byte that ends it, which is always there; the length. */
  static long readString(Execution e) {
    long bytes = e.argument(2) & 0xffff_ffffL;
    if (bytes == 0) {
      return 0;
    }
    return readString(e.argument(3), e.write(e.argument(1), bytes));
  }

  private static long readString(long address, MemorySegment into) {
    long bytes = into.byteSize();
    into.fill((byte) 0);
    long done = 0;
    while (done < bytes) {
      long from = address + done;
      long part =
          Math.min(bytes - done, PAGE - (from & PAGE - 1)); // the next page may not be there
      MemorySegment piece = into.asSlice(done, part);
      if (copy(from, piece) != part) {
        into.fill((byte) 0);
        return -Errno.EFAULT.value();
      }
      for (long i = 0; i < part; i++) {
        if (piece.get(ValueLayout.JAVA_BYTE, i) == 0) {
          into.asSlice(done + i).fill((byte) 0);
          return done + i + 1;
        }
      }
      done += part;
    }
    into.set(ValueLayout.JAVA_BYTE, bytes - 1, (byte) 0);
    return bytes;
  }

  /** bpf_csum_diff. */
  static long checksum(Execution e) {
    byte[] from = bytes(e, e.argument(1), e.argument(2));
    byte[] to = bytes(e, e.argument(3), e.argument(4));
    return Checksum.difference(from, to, (int) e.argument(5));
  }

  private static byte[] bytes(Execution e, long address, long count) {
    long size = count & 0xffff_ffffL;
    return size == 0 ? new byte[0] : e.read(address, size).toArray(ValueLayout.JAVA_BYTE);
  }

  /** A text of this process, of fewer bytes than said; empty where it cannot be read. */
  static byte[] text(long address, int room) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment into = arena.allocate(room);
      long length = readString(address, into);
      return length <= 0 ? new byte[0] : into.asSlice(0, length - 1).toArray(ValueLayout.JAVA_BYTE);
    }
  }

  private static long copy(long address, MemorySegment into) {
    try {
      return Uio.processVmReadv(Unistd.getpid(), address, into);
    } catch (LinuxException e) {
      return -1; // nothing can be read there
    }
  }
}
