package dev.whatif.core.dwarf;

import dev.whatif.testing.Programs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What tools that nobody here wrote say about addresses. */
final class Truth {

  /**
   * What a tool prints for a frame.
   *
   * @param file normalised; {@code ??} when unknown
   * @param line 0 when it prints a question mark
   */
  record Frame(String function, String file, int line) {}

  private Truth() {}

  /** The frames of each address by {@code addr2line} or {@code llvm-addr2line}. */
  static Map<Long, List<Frame>> frames(String tool, Path program, long[] addresses) {
    List<String> lines =
        fed(addresses, "", tool, "-a", "-f", "-i", "-e", program.toString()).lines().toList();
    Map<Long, List<Frame>> result = new LinkedHashMap<>();
    List<Frame> current = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).startsWith("0x")) {
        current = new ArrayList<>();
        result.put(Long.parseUnsignedLong(lines.get(i).substring(2), 16), current);
      } else {
        current.add(frame(lines.get(i), lines.get(++i)));
      }
    }
    return result;
  }

  private static Frame frame(String function, String place) {
    String text = place.replaceFirst(" \\(discriminator \\d+\\)$", "");
    int colon = text.lastIndexOf(':');
    String file = text.substring(0, colon);
    String line = text.substring(colon + 1);
    return new Frame(
        function,
        Path.of(file).normalize().toString(),
        line.equals("?") ? 0 : Integer.parseInt(line));
  }

  /** The file of each address by gdb's {@code info line}, as gdb prints it. */
  static Map<Long, String> gdbFiles(Path program, List<Long> addresses) {
    long[] array = addresses.stream().mapToLong(Long::longValue).toArray();
    Path script = input(array, "info line *0x");
    List<String> lines =
        Programs.run("gdb", "-nx", "-batch", "-x", script.toString(), program.toString())
            .lines()
            .filter(l -> l.contains("Line ") || l.startsWith("No line"))
            .toList();
    Map<Long, String> result = new LinkedHashMap<>();
    for (int i = 0; i < array.length && lines.size() == array.length; i++) {
      String[] parts = lines.get(i).split("\"", -1);
      result.put(array[i], parts.length > 1 ? parts[1] : "");
    }
    return result;
  }

  /** Names of the symbols that begin at each address of code, by {@code nm}. */
  static TreeMap<Long, Set<String>> symbols(Path program) {
    TreeMap<Long, Set<String>> result = new TreeMap<>();
    for (String line : Programs.run("nm", program.toString()).split("\n")) {
      String[] parts = line.trim().split(" ");
      if (parts.length == 3 && "tTwWiuU".contains(parts[1])) {
        result
            .computeIfAbsent(Long.parseUnsignedLong(parts[0], 16), a -> new HashSet<>())
            .add(parts[2]);
      }
    }
    return result;
  }

  private static Path input(long[] addresses, String prefix) {
    StringBuilder text = new StringBuilder();
    for (long a : addresses) {
      text.append(prefix).append(Long.toHexString(a)).append('\n');
    }
    try {
      return Files.writeString(
          Files.createTempFile(Programs.folder("dwarf"), "addresses", ""), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Runs a tool that reads addresses from stdin. */
  private static String fed(long[] addresses, String prefix, String... command) {
    Path input = input(addresses, prefix);
    try {
      Process p =
          new ProcessBuilder(command)
              .redirectInput(input.toFile())
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      return new String(p.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
