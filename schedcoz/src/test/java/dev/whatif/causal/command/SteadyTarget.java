package dev.whatif.causal.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.core.linux.SpawnHeader;
import dev.whatif.core.process.Spawn;
import dev.whatif.core.process.Target;
import dev.whatif.testing.Programs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;

/** Processes that work on (steady.c), and how they look from outside. */
final class SteadyTarget implements AutoCloseable {

  private static final int WORDS = 512;
  private static final int THREADS_FROM = 2;
  private static final String ENTRY = "memfd:whatif";

  private final Spawn process;
  private final Path rounds;

  private SteadyTarget(Spawn process, Path rounds) {
    this.process = process;
    this.rounds = rounds;
  }

  static Path program() {
    return Programs.compiled("steady.c", "-O2", "-g", "-pthread");
  }

  static SteadyTarget start(int children, String... words) {
    try {
      Path rounds = Files.createTempFile(Programs.folder("steady"), "rounds", "");
      Files.write(rounds, new byte[WORDS * Long.BYTES]);
      // whoever looks at it, and whatif itself, come before it: it keeps every CPU busy
      List<String> command = new ArrayList<>(List.of("nice", "-n", "15", program().toString()));
      command.addAll(List.of(rounds.toString(), "" + children));
      command.addAll(List.of(words));
      Spawn process = Spawn.running(command, SpawnHeader.Files.INHERITED);
      SteadyTarget target = new SteadyTarget(process, rounds);
      target.requireWell(2 + 2 * children);
      return target;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  int pid() {
    return process.pid();
  }

  /** It and its children. */
  List<Integer> pids() {
    return Target.tree(pid()).processes();
  }

  boolean running() {
    return process.running();
  }

  private long[] words() {
    try {
      long[] words = new long[WORDS];
      ByteBuffer.wrap(Files.readAllBytes(rounds))
          .order(ByteOrder.LITTLE_ENDIAN)
          .asLongBuffer()
          .get(words);
      return words;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Its threads get on, every one of them, and have found nothing wrong. */
  void requireWell(int threads) {
    long[] before = words();
    boolean[] seen = new boolean[WORDS];
    int got = 0;
    for (int i = 0; i < 30_000 && got < threads; i++) {
      assertThat(process.running()).as("%s", process.ended()).isTrue();
      LockSupport.parkNanos(2_000_000);
      long[] now = words();
      for (int w = THREADS_FROM; w < WORDS; w++) {
        if (!seen[w] && now[w] > before[w]) {
          seen[w] = true;
          got++;
        }
      }
    }
    assertThat(got).as("threads that get on").isGreaterThanOrEqualTo(threads);
    assertThat(words()[0]).as("wrong results").isZero();
    assertThat(words()[1]).as("interrupted calls").isZero();
  }

  /** Nothing of ours is in any of its processes. */
  void requireClean() {
    for (int pid : pids()) {
      String looks = looks(pid);
      if (!looks.isEmpty()) {
        assertThat(looks)
            .as("process " + pid)
            .doesNotContain(ENTRY)
            .doesNotContain("bpf")
            .containsPattern("SigCgt:\t0000000[01]") // up to 33: the C library's own
            .contains("TracerPid:\t0");
      }
    }
  }

  /** Mappings, files and signals of a process; empty when it has ended. */
  static String looks(int pid) {
    try {
      Path folder = Path.of("/proc/" + pid);
      TreeMap<String, String> result = new TreeMap<>();
      for (String line : Files.readAllLines(folder.resolve("maps"))) {
        // the kernel keeps a page for programs that were probed until they end
        if (!line.matches(".*\\[(heap|stack|uprobes)]")) {
          result.merge("maps", line, (a, b) -> a + "\n" + b);
        }
      }
      try (var links = Files.newDirectoryStream(folder.resolve("fd"))) {
        for (Path link : links) {
          result.put("fd " + link.getFileName(), Files.readSymbolicLink(link).toString());
        }
      }
      for (String line : Files.readAllLines(folder.resolve("status"))) {
        if (line.matches("(SigBlk|SigIgn|SigCgt|TracerPid):.*")) {
          result.merge("status", line, (a, b) -> a + "\n" + b);
        }
      }
      return result.toString();
    } catch (NoSuchFileException e) {
      return "";
    } catch (IOException e) {
      return ""; // it has ended
    }
  }

  /** Waits until a profiler is in it. */
  void awaitEntered(WhatifProcess whatif) {
    whatif.await(() -> isEntered(pid()));
  }

  /** How many of its processes that are none of these a profiler is in. */
  long entered(List<Integer> others) {
    return pids().stream().filter(pid -> !others.contains(pid) && isEntered(pid)).count();
  }

  /** Whether a profiler is in a process. */
  static boolean isEntered(long pid) {
    return looks((int) pid).contains(ENTRY);
  }

  void kill() {
    process.stop(Duration.ZERO);
  }

  @Override
  public void close() {
    process.stop(Duration.ZERO);
    try {
      Files.deleteIfExists(rounds);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
