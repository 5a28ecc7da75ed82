package dev.whatif.ebpf.proof;

import dev.whatif.core.process.Mapping;
import dev.whatif.core.process.ProcMaps;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What of a process must be the same after it was entered and left.
 *
 * <p>Heaps, stacks and thread arenas come and go by the program's own doing, so of anonymous memory
 * only what is executable counts; and of executable memory its bytes.
 *
 * @param mappings files, memfds and executable memory, as /proc/PID/maps writes them, without those
 *     of the libraries' data, which the program itself may split
 * @param code a hash of the bytes of every executable mapping of a file and of the vdso
 * @param files how many descriptors lead where; sockets and pipes by kind only
 * @param signals SigCgt and SigIgn
 * @param mask the blocked signals of the first thread; others come and go
 */
record Footprint(
    List<String> mappings,
    Map<String, Integer> code,
    List<String> files,
    String signals,
    String mask) {

  static Footprint of(int pid) {
    try {
      List<String> mappings = new ArrayList<>();
      Map<String, Integer> code = new TreeMap<>();
      for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/maps"))) {
        Mapping m = ProcMaps.parse(line).getFirst();
        boolean fixed = m.isFile() || m.path().startsWith("[v") || m.path().startsWith("/memfd");
        if (fixed || (m.executable() && !jitted(m))) {
          mappings.add(line);
        }
        if (m.executable() && fixed && !m.path().equals("[vsyscall]")) {
          code.put(line, hash(pid, m));
        }
      }
      return new Footprint(
          mappings, code, descriptors(pid), status(pid, "SigCgt", "SigIgn"), mask(pid));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A JVM's code cache: anonymous, and its own. */
  private static boolean jitted(Mapping m) {
    return m.path().isEmpty() && m.end() - m.start() >= 1 << 20;
  }

  private static int hash(int pid, Mapping m) throws IOException {
    try (RandomAccessFile memory = new RandomAccessFile("/proc/" + pid + "/mem", "r")) {
      byte[] bytes = new byte[Math.toIntExact(m.end() - m.start())];
      memory.seek(m.start());
      memory.readFully(bytes);
      return Arrays.hashCode(bytes);
    }
  }

  private static List<String> descriptors(int pid) throws IOException {
    List<String> result = new ArrayList<>();
    try (Stream<Path> entries = Files.list(Path.of("/proc/" + pid + "/fd"))) {
      for (Path entry : (Iterable<Path>) entries::iterator) {
        result.add(link(entry).replaceFirst(":\\[\\d+]", ""));
      }
    }
    Collections.sort(result);
    return result;
  }

  private static String link(Path entry) {
    try {
      return Files.readSymbolicLink(entry).toString();
    } catch (IOException e) {
      return "closed meanwhile";
    }
  }

  /** Without SIGALRM, which the targets' own handler blocks while it runs. */
  private static String mask(int pid) {
    String text = field(Path.of("/proc/%d/task/%d/status".formatted(pid, pid)), "SigBlk");
    return Long.toHexString(Long.parseUnsignedLong(text, 16) & ~(1L << 13));
  }

  private static String status(int pid, String... keys) {
    Path file = Path.of("/proc/" + pid + "/status");
    return String.join(" ", Stream.of(keys).map(k -> k + " " + field(file, k)).toList());
  }

  private static String field(Path file, String key) {
    try (Stream<String> lines = Files.lines(file)) {
      return lines
          .filter(l -> l.startsWith(key + ":"))
          .map(l -> l.substring(key.length() + 1).strip())
          .findFirst()
          .orElse("");
    } catch (IOException | UncheckedIOException e) {
      return ""; // the thread has ended
    }
  }
}
