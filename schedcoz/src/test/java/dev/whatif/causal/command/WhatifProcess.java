package dev.whatif.causal.command;

import dev.whatif.core.linux.Signal;
import dev.whatif.core.linux.SpawnHeader;
import dev.whatif.core.linux.Wait;
import dev.whatif.core.process.Spawn;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** {@code whatif causal} as users run it, in a JVM of its own and a folder of its own. */
record WhatifProcess(Spawn spawn, Path folder) implements AutoCloseable {

  private static final int SIGINT = 2;
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  static WhatifProcess causal(Path folder, String... arguments) {
    return after(List.of(), System.getProperty("jdk.module.path"), folder, arguments);
  }

  static WhatifProcess after(
      List<String> prefix, String modules, Path folder, String... arguments) {
    String files = "cd %1$s && exec \"$@\" >%1$s/out 2>%1$s/err".formatted(folder);
    try {
      Files.deleteIfExists(folder.resolve("err")); // of a run before
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    List<String> command = new ArrayList<>(List.of("sh", "-c", files, "sh"));
    command.addAll(prefix);
    command.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "--illegal-native-access=deny",
            "--enable-native-access=dev.whatif.core",
            "--add-modules",
            "dev.whatif.causal",
            "--module-path",
            modules,
            "--module",
            "dev.whatif.core/dev.whatif.core.command.Main",
            "causal"));
    command.addAll(List.of(arguments));
    return new WhatifProcess(Spawn.running(command, SpawnHeader.Files.INHERITED), folder);
  }

  boolean running() {
    return spawn.running();
  }

  /** What Ctrl-C does. */
  void interrupt() {
    Signal.kill(spawn.pid(), SIGINT);
  }

  void kill() {
    Signal.kill(spawn.pid(), Signal.SIGKILL);
  }

  /** Waits until it has said something. */
  void awaitSaid(String text) {
    await(() -> err().contains(text));
  }

  /** Waits until it has done something. */
  void await(BooleanSupplier done) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!done.getAsBoolean()) {
      if (!running()) {
        throw new AssertionError("whatif has ended, " + spawn.ended() + ": " + err());
      }
      if (System.nanoTime() > deadline) {
        throw new AssertionError("whatif does not get on: " + err());
      }
      LockSupport.parkNanos(5_000_000);
    }
  }

  Wait.Status end() {
    for (int i = 0; i < 24_000 && spawn.running(); i++) {
      LockSupport.parkNanos(5_000_000);
    }
    return spawn.ended().orElseThrow(() -> new AssertionError("whatif does not end: " + err()));
  }

  String out() {
    return text("out");
  }

  String err() {
    return text("err");
  }

  private String text(String name) {
    try {
      Path file = folder.resolve(name);
      return Files.exists(file) ? Files.readString(file) : "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The recordings that it has left. */
  List<String> recordings() {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(f -> f.getFileName().toString()).filter(f -> f.endsWith(".jfr")).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    spawn.stop(Duration.ZERO);
  }
}
