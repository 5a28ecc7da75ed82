package dev.whatif.core.capability;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Whether a program is 32 or 64 bits wide (System V gABI, "ELF identification", EI_CLASS). */
final class ProgramWidth {

  private static final int CLASS = 4;
  private static final int MACHINE = 18;
  private static final int EM_X86_64 = 62;

  private ProgramWidth() {}

  /**
   * 64 for a program of x86-64, 32 for one of i386 or the x32 ABI, 0 when it cannot be told.
   *
   * @param file like {@code /proc/PID/exe}
   */
  static int of(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] head = in.readNBytes(MACHINE + 2);
      if (head.length < MACHINE + 2 || head[0] != 0x7f || head[1] != 'E') {
        return 0;
      }
      int machine = head[MACHINE] & 0xff | (head[MACHINE + 1] & 0xff) << 8;
      return head[CLASS] == 1 ? 32 : machine == EM_X86_64 ? 64 : 0;
    } catch (IOException e) {
      return 0;
    }
  }
}
