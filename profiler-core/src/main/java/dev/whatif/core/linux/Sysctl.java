package dev.whatif.core.linux;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;

/**
 * {@code sysctl(8)}: settings of the kernel below {@code /proc/sys}.
 *
 * <p>A number there is given out in one read only: whoever asks for one byte first, as {@code
 * java.nio.file.Files.readString} does with a file of size 0, gets the first digit and then the end
 * of the file (kernel/sysctl.c, do_proc_dointvec: a position other than 0 reads nothing).
 */
public final class Sysctl {

  private static final int LONGEST = 4096;

  private Sysctl() {}

  /**
   * A numeric setting.
   *
   * @param name with dots, for example {@code kernel.perf_event_paranoid}
   * @return empty when this kernel has no such setting, or it is no number
   */
  public static OptionalLong number(String name) {
    byte[] text = new byte[LONGEST];
    try (InputStream in = new FileInputStream("/proc/sys/" + name.replace('.', '/'))) {
      int length = in.read(text);
      return length <= 0
          ? OptionalLong.empty()
          : OptionalLong.of(
              Long.parseLong(new String(text, 0, length, StandardCharsets.US_ASCII).strip()));
    } catch (IOException | NumberFormatException e) {
      return OptionalLong.empty();
    }
  }
}
