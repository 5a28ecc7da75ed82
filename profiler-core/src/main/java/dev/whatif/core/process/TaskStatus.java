package dev.whatif.core.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * {@code /proc/PID/status} or {@code /proc/PID/task/TID/status}
 * (Documentation/filesystems/proc.rst, table 1-2).
 *
 * @param fields values by key, without surrounding blanks
 */
public record TaskStatus(Map<String, String> fields) {

  /** Reads it; empty when there is no such thread. */
  public static Optional<TaskStatus> of(int pid, int tid) {
    return read(Path.of("/proc/" + pid + "/task/" + tid + "/status"));
  }

  /** Reads a process's; a thread's when the number is a thread's. */
  public static Optional<TaskStatus> of(int id) {
    return read(Path.of("/proc/" + id + "/status"));
  }

  private static Optional<TaskStatus> read(Path file) {
    try {
      return Optional.of(parse(new String(Files.readAllBytes(file), StandardCharsets.UTF_8)));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** The fields in the text of such a file. */
  public static TaskStatus parse(String text) {
    Map<String, String> fields = new HashMap<>();
    for (int at = 0; at < text.length(); ) {
      int newline = text.indexOf('\n', at);
      int end = newline < 0 ? text.length() : newline;
      int colon = text.indexOf(':', at);
      if (colon > 0 && colon < end) {
        fields.put(text.substring(at, colon), text.substring(colon + 1, end).strip());
      }
      at = end + 1;
    }
    return new TaskStatus(fields);
  }

  /** A field without surrounding blanks; "" when there is none. */
  public String text(String key) {
    return fields.getOrDefault(key, "");
  }

  /** The first number of a field; -1 when there is none. */
  public long number(String key) {
    String value = text(key);
    int end = 0;
    while (end < value.length() && Character.isDigit(value.charAt(end))) {
      end++;
    }
    return end == 0 || end > 18 ? -1 : Long.parseLong(value.substring(0, end));
  }

  /** The letter of its state; '?' when it is not known. */
  char state() {
    return text("State").isEmpty() ? '?' : text("State").charAt(0);
  }
}
