package dev.whatif.core.process;

import dev.whatif.core.failure.BadDataException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads {@code /proc/PID/maps} (Documentation/filesystems/proc.rst, section 1.1). */
public final class ProcMaps {

  private ProcMaps() {}

  /**
   * All mappings of a process in address order; empty for a kernel thread or a process that has
   * ended.
   *
   * @throws IOException when it cannot be read: no such process, or not permitted
   */
  public static List<Mapping> read(int pid) throws IOException {
    byte[] text = Files.readAllBytes(Path.of("/proc/" + pid + "/maps"));
    return parse(new String(text, StandardCharsets.UTF_8));
  }

  /** The mappings in a text of that form. */
  public static List<Mapping> parse(String text) {
    List<Mapping> result = new ArrayList<>();
    text.lines().filter(l -> !l.isEmpty()).forEach(l -> result.add(parseLine(l)));
    return result;
  }

  private static Mapping parseLine(String line) {
    // 7f0c2a000000-7f0c2a021000 r-xp 00028000 fe:00 1234    /usr/lib/x86_64-linux-gnu/libc.so.6
    try {
      int dash = line.indexOf('-');
      int afterEnd = line.indexOf(' ', dash);
      int afterFlags = line.indexOf(' ', afterEnd + 1);
      int afterOffset = line.indexOf(' ', afterFlags + 1);
      int afterDevice = line.indexOf(' ', afterOffset + 1);
      int afterInode = line.indexOf(' ', afterDevice + 1);
      if (afterInode < 0) {
        afterInode = line.length();
      }
      return new Mapping(
          Long.parseUnsignedLong(line, 0, dash, 16),
          Long.parseUnsignedLong(line, dash + 1, afterEnd, 16),
          Long.parseUnsignedLong(line, afterFlags + 1, afterOffset, 16),
          line.substring(afterInode).strip(),
          line.substring(afterOffset + 1, afterDevice),
          Long.parseLong(line, afterDevice + 1, afterInode, 10),
          line.charAt(afterEnd + 3) == 'x');
    } catch (RuntimeException e) {
      throw new BadDataException("/proc/PID/maps: not understood: " + line, null, e);
    }
  }
}
