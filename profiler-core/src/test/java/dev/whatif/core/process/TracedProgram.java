package dev.whatif.core.process;

import dev.whatif.core.linux.SpawnHeader;
import dev.whatif.testing.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** A program that a test traces; what it prints goes into a file. Ended by {@link #close}. */
record TracedProgram(Spawn spawn, Path output) implements AutoCloseable {

  static TracedProgram start(String... command) {
    try {
      Path output = Files.createTempFile(Programs.folder("tracer"), "out", "");
      return new TracedProgram(
          Spawn.running(List.of(command), new SpawnHeader.Files(List.of(), output.toString())),
          output);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** Starts it and waits until it has printed "ready". */
  static TracedProgram ready(String... command) {
    TracedProgram program = start(command);
    await(() -> program.printed().contains("ready\n"));
    return program;
  }

  /** Starts it and waits until its main thread sleeps. */
  static TracedProgram asleep(String... command) {
    TracedProgram program = start(command);
    // not in the shell or loader any more: in the call that it sleeps in
    await(() -> program.state() == 'S' && !program.wchan().equals("0"));
    return program;
  }

  static void await(BooleanSupplier condition) {
    for (int i = 0; i < 3000; i++) {
      if (condition.getAsBoolean()) {
        return;
      }
      LockSupport.parkNanos(5_000_000);
    }
    throw new AssertionError("did not happen within 15 s");
  }

  int pid() {
    return spawn.pid();
  }

  char state() {
    return ProcStat.of(pid()).map(ProcStat::state).orElse('X');
  }

  String wchan() {
    try {
      return Files.readString(Path.of("/proc/" + pid() + "/wchan"));
    } catch (IOException e) {
      return "";
    }
  }

  String printed() {
    try {
      return Files.readString(output);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** Waits for its end and returns what it has printed. */
  List<String> lines() {
    await(() -> !spawn.running());
    return printed().lines().toList();
  }

  @Override
  public void close() {
    spawn.stop(Duration.ZERO);
    try {
      Files.deleteIfExists(output);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
