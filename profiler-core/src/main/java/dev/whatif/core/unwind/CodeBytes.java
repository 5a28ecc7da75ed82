package dev.whatif.core.unwind;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the instructions of a living process, where call frame information is missing: is this a
 * signal trampoline, does a call stand before that address?
 *
 * <p>Reads {@code /proc/PID/mem}, which needs the right to ptrace; without it, or when the process
 * is gone, nothing is known. Confined to one thread.
 */
final class CodeBytes {

  /** What stands before an address. */
  enum Before {
    DIRECT_CALL,
    INDIRECT_CALL,
    NO_CALL,
    /** The code cannot be read. */
    UNKNOWN
  }

  private static final int WINDOW = 16;

  private final byte[] bytes = new byte[WINDOW];
  private final ByteBuffer buffer = ByteBuffer.wrap(bytes);
  private @Nullable FileChannel memory;
  private int pid = -1;
  private long callTarget;

  /** Where the direct call that {@link #before} found leads to. */
  long callTarget() {
    return callTarget;
  }

  Before before(int process, long address) {
    if (!read(process, address - 7, 7)) {
      return Before.UNKNOWN;
    }
    if (u8(2) == 0xe8) {
      int distance = u8(3) | u8(4) << 8 | u8(5) << 16 | u8(6) << 24;
      callTarget = address + distance;
      return Before.DIRECT_CALL;
    }
    return indirect() ? Before.INDIRECT_CALL : Before.NO_CALL;
  }

  /** FF /2 with each form of its operand (Intel SDM volume 2, CALL and table 2-2). */
  private boolean indirect() {
    for (int length = 2; length <= 7; length++) {
      if (u8(7 - length) == 0xff) {
        int modrm = u8(8 - length);
        boolean call = (modrm >> 3 & 7) == 2;
        int mode = modrm >> 6;
        int base = modrm & 7;
        boolean sib = mode != 3 && base == 4;
        int displacement = mode == 1 ? 1 : mode == 2 || (mode == 0 && base == 5) ? 4 : 0;
        if (sib && mode == 0 && length == 7) {
          displacement = 4;
        }
        if (call && length == 2 + (sib ? 1 : 0) + displacement) {
          return true;
        }
      }
    }
    return false;
  }

  /** Whether an address is that of a jump through memory: what a PLT entry is. */
  boolean indirectJump(int process, long address) {
    if (!read(process, address, 6)) {
      return false;
    }
    boolean endbr = u8(0) == 0xf3 && u8(1) == 0x0f && u8(2) == 0x1e && u8(3) == 0xfa;
    return endbr || (u8(0) == 0xff && u8(1) == 0x25) || (u8(0) == 0xf2 && u8(1) == 0xff);
  }

  /**
   * Whether a frame's code is {@code mov $15,%rax; syscall}: rt_sigreturn, of libraries without
   * call frame information for it (musl, Go).
   */
  boolean signalReturn(int process, long address) {
    if (!read(process, address - 7, WINDOW)) {
      return false;
    }
    return (movesFifteen(7) && syscall(14)) || (movesFifteen(0) && syscall(7));
  }

  private boolean movesFifteen(int i) {
    return u8(i) == 0x48
        && u8(i + 1) == 0xc7
        && u8(i + 2) == 0xc0
        && u8(i + 3) == 15
        && u8(i + 4) == 0
        && u8(i + 5) == 0
        && u8(i + 6) == 0;
  }

  private boolean syscall(int i) {
    return u8(i) == 0x0f && u8(i + 1) == 0x05;
  }

  private int u8(int i) {
    return bytes[i] & 0xff;
  }

  private boolean read(int process, long address, int count) {
    // The upper half belongs to the kernel, and a file offset cannot be negative.
    if (address < 0) {
      return false;
    }
    try {
      FileChannel channel = memory;
      if (channel == null || pid != process) {
        close();
        pid = process;
        channel = FileChannel.open(Path.of("/proc/" + process + "/mem"), StandardOpenOption.READ);
        memory = channel;
      }
      buffer.clear().limit(count);
      return channel.read(buffer, address) == count;
    } catch (IOException e) {
      return false;
    }
  }

  void close() {
    FileChannel channel = memory;
    memory = null;
    if (channel != null) {
      try {
        channel.close();
      } catch (IOException e) {
        // It was only read.
      }
    }
  }
}
