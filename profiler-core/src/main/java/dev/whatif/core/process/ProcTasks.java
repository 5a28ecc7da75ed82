package dev.whatif.core.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** The threads and children of processes, as {@code /proc} lists them this moment. */
public final class ProcTasks {

  private ProcTasks() {}

  /** The calling thread. */
  public static int self() {
    try {
      return Integer.parseInt(Path.of("/proc/thread-self").toRealPath().getFileName().toString());
    } catch (IOException | NumberFormatException e) {
      throw new IllegalStateException("/proc does not show this thread", e);
    }
  }

  /** The threads of a process; empty when it is gone. */
  public static List<Integer> threads(int pid) {
    return numbers(Path.of("/proc/" + pid + "/task"));
  }

  /**
   * The threads of a process that have children: the kernel knows which thread forked. Empty where
   * it does not tell (CONFIG_PROC_CHILDREN).
   */
  public static Set<Integer> parents(int pid) {
    Set<Integer> result = new HashSet<>();
    for (int tid : threads(pid)) {
      if (line(Path.of("/proc/" + pid + "/task/" + tid + "/children")).orElse("").length() > 0) {
        result.add(tid);
      }
    }
    return result;
  }

  /** All processes that can be seen from here. */
  public static List<Integer> processes() {
    return numbers(Path.of("/proc"));
  }

  /** A process and all its descendants, parents first; empty when it is gone. */
  public static List<Integer> tree(int root) {
    Map<Integer, List<Integer>> children = new HashMap<>();
    for (int pid : numbers(Path.of("/proc"))) {
      ProcStat.of(pid)
          .ifPresent(s -> children.computeIfAbsent(s.parent(), p -> new ArrayList<>()).add(pid));
    }
    List<Integer> result = new ArrayList<>();
    if (ProcStat.of(root).isPresent()) {
      result.add(root);
      for (int i = 0; i < result.size(); i++) {
        result.addAll(children.getOrDefault(result.get(i), List.of()));
      }
    }
    return result;
  }

  /** The name of a thread, or empty when it is gone. */
  public static Optional<String> name(int pid, int tid) {
    return line(Path.of("/proc/" + pid + "/task/" + tid + "/comm"));
  }

  /** The process that a thread belongs to; the process itself for a process; empty when gone. */
  public static OptionalInt processOf(int id) {
    try (var lines = Files.lines(Path.of("/proc/" + id + "/status"))) {
      return lines
          .filter(l -> l.startsWith("Tgid:"))
          .mapToInt(l -> Integer.parseInt(l.substring(5).strip()))
          .findFirst();
    } catch (IOException | java.io.UncheckedIOException e) {
      return OptionalInt.empty();
    }
  }

  /** The command line with its arguments separated by blanks; empty for kernel threads. */
  public static String commandLine(int pid) {
    try {
      byte[] text = Files.readAllBytes(Path.of("/proc/" + pid + "/cmdline"));
      return new String(text, StandardCharsets.UTF_8).replace('\0', ' ').strip();
    } catch (IOException e) {
      return "";
    }
  }

  /**
   * CPU time of a thread as the scheduler accounts it ({@code /proc/PID/task/TID/schedstat}), in
   * nanoseconds; 0 when it is gone.
   */
  public static long schedulerNanos(int pid, int tid) {
    return line(Path.of("/proc/" + pid + "/task/" + tid + "/schedstat"))
        .map(l -> Long.parseLong(l.substring(0, l.indexOf(' '))))
        .orElse(0L);
  }

  private static Optional<String> line(Path file) {
    try {
      String text = Files.readString(file, StandardCharsets.ISO_8859_1);
      return Optional.of(text.strip());
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static List<Integer> numbers(Path folder) {
    List<Integer> result = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, "[0-9]*")) {
      for (Path entry : entries) {
        result.add(Integer.valueOf(entry.getFileName().toString()));
      }
    } catch (IOException | DirectoryIteratorException e) {
      return result; // it ended meanwhile: what was seen is what there is
    }
    return result;
  }
}
