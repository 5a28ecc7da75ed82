package dev.whatif.causal.account;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a signal needs on a stack: mostly the registers, whose size is the CPU's. */
final class SignalFrame {

  /** The largest frame that this kernel writes (AT_MINSIGSTKSZ, since Linux 5.14). */
  private static final long LARGEST_FRAME = 51;

  /** Holds AVX-512 and AMX state. */
  private static final int UNTOLD = 16 << 10;

  /** The red zone (System V ABI 3.2.2), alignment of the registers' state, and some to spare. */
  private static final int BESIDES = 128 + 64 + 320;

  private SignalFrame() {}

  /** Bytes below the interrupted stack pointer; our handler itself needs none. */
  static int bytes() {
    try {
      ByteBuffer words =
          ByteBuffer.wrap(Files.readAllBytes(Path.of("/proc/self/auxv")))
              .order(ByteOrder.LITTLE_ENDIAN);
      while (words.remaining() >= 2 * Long.BYTES) {
        long type = words.getLong();
        long value = words.getLong();
        if (type == LARGEST_FRAME && value > 0 && value < 1 << 20) {
          return (int) value + BESIDES;
        }
      }
    } catch (IOException e) {
      return UNTOLD;
    }
    return UNTOLD;
  }
}
