package dev.whatif.ebpf.kernel;

import dev.whatif.core.linux.BpfProgramAttr;
import dev.whatif.core.linux.Errno;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

/**
 * A load with the verifier's log.
 *
 * @param result a descriptor or minus the errno
 * @param log its text, or its end when it is longer than this is ready to keep
 */
record VerifierAnswer(int result, String log) {

  private static final int FIRST_BYTES = 1 << 16;

  /** What kernels before 5.16 take at most is 1 byte less than this. */
  private static final int MOST_BYTES = 1 << 24;

  /**
   * Loads once more. A log that does not fit fails with ENOSPC instead of the errno that counts, so
   * the buffer grows until it does.
   */
  static VerifierAnswer of(ProgramSpec spec) {
    int bytes = FIRST_BYTES;
    while (true) {
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment log = arena.allocate(bytes);
        BpfProgramAttr attr = spec.attr(arena).log(log, 1);
        int result = KernelProgram.tryLoad(attr);
        if (-result != Errno.ENOSPC.value() || bytes >= MOST_BYTES - 1) {
          return new VerifierAnswer(result, text(log));
        }
        int wanted = Math.max(bytes * 8, attr.logTrueSize());
        bytes = wanted < 0 || wanted >= MOST_BYTES ? MOST_BYTES - 1 : wanted;
      }
    }
  }

  private static String text(MemorySegment log) {
    long length = 0;
    while (length < log.byteSize() && log.get(ValueLayout.JAVA_BYTE, length) != 0) {
      length++;
    }
    return new String(
        log.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
  }
}
