package dev.whatif.core.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What {@code /proc/PID/stat} says about a process or thread (Documentation/filesystems/proc.rst,
 * table 1-4).
 *
 * @param id the process or thread
 * @param name at most 15 bytes, as the kernel keeps it
 * @param state R running, S sleeping, D waiting for a disk, T stopped, Z ended but not yet reaped
 * @param parent the process that would be told of its end
 */
public record ProcStat(int id, String name, char state, int parent) {

  /** Reads it; empty when there is no such process (any more). */
  public static Optional<ProcStat> of(int pid) {
    try {
      byte[] text = Files.readAllBytes(Path.of("/proc/" + pid + "/stat"));
      return parse(new String(text, StandardCharsets.UTF_8));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Reads the text; empty when it is not of that form. */
  static Optional<ProcStat> parse(String text) {
    // 812 (a (strange) name) S 1 ...: only the last parenthesis ends the name
    int open = text.indexOf('(');
    int close = text.lastIndexOf(')');
    if (open < 2 || close < open || close + 4 > text.length()) {
      return Optional.empty();
    }
    try {
      int behind = text.indexOf(' ', close + 4);
      return Optional.of(
          new ProcStat(
              Integer.parseInt(text.substring(0, open - 1)),
              text.substring(open + 1, close),
              text.charAt(close + 2),
              Integer.parseInt(
                  text.substring(close + 4, behind < 0 ? text.length() : behind).strip())));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  /** Whether it still can run: not a zombie, not being removed. */
  public boolean alive() {
    return state != 'Z' && state != 'X';
  }
}
