package dev.whatif.ebpf.attach;

import dev.whatif.core.linux.SpawnHeader;
import dev.whatif.core.process.Spawn;
import dev.whatif.testing.Programs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;

/** A running program that a test enters, and how it looks from outside. */
public final class EnteredProgram implements AutoCloseable {

  private static final int LOOKS = 5;
  private static final long BETWEEN_LOOKS_NANOS = 4_000_000;

  private final Spawn spawn;
  private final Path output;

  private EnteredProgram(Spawn spawn, Path output) {
    this.spawn = spawn;
    this.output = output;
  }

  /** The threads of {@code entered.c}: computing, sleeping, waiting, handling signals. */
  public static EnteredProgram threads(int computing, int sleeping, int waiting, int signalled) {
    Path program = Programs.compiled("entered.c", "-O2", "-pthread");
    return start(program.toString(), "" + computing, "" + sleeping, "" + waiting, "" + signalled);
  }

  /** Any program; one that prints "ready" when it can be entered. */
  public static EnteredProgram start(String... command) {
    try {
      Path output = Files.createTempFile(Programs.folder("entered"), "out", ".txt");
      Spawn spawn =
          Spawn.running(
              Arrays.asList(command), new SpawnHeader.Files(List.of(), output.toString()));
      EnteredProgram result = new EnteredProgram(spawn, output);
      long deadline = System.nanoTime() + 20_000_000_000L;
      while (!result.output().contains("ready")) {
        if (!spawn.running() || System.nanoTime() > deadline) {
          result.close();
          throw new AssertionError(List.of(command) + " does not begin: " + result.output());
        }
        LockSupport.parkNanos(2_000_000);
      }
      return result;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public int pid() {
    return spawn.pid();
  }

  /** What it has written. */
  public String output() {
    try {
      return Files.readString(output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public boolean running() {
    return spawn.running();
  }

  /** Fails when it has ended, or has found something wrong. */
  public void requireWell() {
    if (!spawn.running() || output().contains("WRONG")) {
      throw new AssertionError(
          "the target has ended: " + spawn.ended() + ", its output: " + output());
    }
  }

  /**
   * What must be the same before and after: mappings (heaps and stacks of its own may grow), open
   * files, and signal sets of every thread, without the signal that a thread blocks for as long as
   * it handles it.
   */
  public String appearance() {
    try {
      TreeMap<String, String> result = new TreeMap<>();
      StringBuilder maps = new StringBuilder();
      for (String line : Files.readAllLines(Path.of("/proc/" + pid() + "/maps"))) {
        if (!line.contains("[heap]") && !line.contains("[stack]")) {
          maps.append(line).append('\n');
        }
      }
      result.put("maps", maps.toString());
      try (var links = Files.list(Path.of("/proc/" + pid() + "/fd"))) {
        List<String> files = new ArrayList<>();
        for (Path link : links.toList()) {
          files.add(link.getFileName() + " " + Files.readSymbolicLink(link));
        }
        files.sort(null);
        result.put("fd", String.join("\n", files));
      }
      try (var tasks = Files.list(Path.of("/proc/" + pid() + "/task"))) {
        for (Path task : tasks.toList()) {
          StringBuilder sets = new StringBuilder();
          for (String line : Files.readAllLines(task.resolve("status"))) {
            if (line.matches("(SigIgn|SigCgt|Seccomp|TracerPid):.*")) {
              sets.append(line).append('\n');
            }
          }
          sets.append("always blocked: ").append(Long.toHexString(alwaysBlocked(task)));
          result.put(task.getFileName().toString(), sets.toString());
        }
      }
      return result.toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The signals that a thread blocks at each of several looks: a handler is over in between. */
  private static long alwaysBlocked(Path task) throws IOException {
    long blocked = -1;
    for (int look = 0; look < LOOKS; look++) {
      for (String line : Files.readAllLines(task.resolve("status"))) {
        if (line.startsWith("SigBlk:")) {
          blocked &= Long.parseUnsignedLong(line.substring("SigBlk:".length()).strip(), 16);
        }
      }
      LockSupport.parkNanos(BETWEEN_LOOKS_NANOS);
    }
    return blocked;
  }

  @Override
  public void close() {
    spawn.stop(Duration.ZERO);
    try {
      Files.deleteIfExists(output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
