package dev.whatif.ebpf.map;

import dev.whatif.core.linux.RawMemory;
import dev.whatif.core.linux.Signal;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A {@link MapWorker} that runs. */
final class WorkerProcess implements AutoCloseable {

  private final Process process;
  private final BufferedReader output;
  private final int slot;

  /** One that does everything. */
  WorkerProcess(ThreadSlots slots, BpfMap map) {
    this(slots, map, List.of());
  }

  /**
   * A worker.
   *
   * @param options "look" for one that only looks up what is there
   */
  WorkerProcess(ThreadSlots slots, BpfMap map, List<String> options) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xshare:auto",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                String.join(
                    File.pathSeparator,
                    location(MapWorker.class),
                    location(BpfMap.class),
                    location(RawMemory.class),
                    location(org.assertj.core.api.Assertions.class),
                    location(net.bytebuddy.ByteBuddy.class)),
                MapWorker.class.getName(),
                Long.toString(ProcessHandle.current().pid()),
                Integer.toString(slots.memory().fd()),
                Integer.toString(map.memory().fd())));
    command.addAll(options);
    try {
      process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
      output = process.inputReader();
      slot = Integer.parseInt(line());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String location(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  private String line() {
    try {
      String line = output.readLine();
      if (line == null) {
        throw new AssertionError("the worker has ended");
      }
      return line;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  int slot() {
    return slot;
  }

  /** Lets it end, and what it counted. */
  long[] finish() {
    try {
      process.outputWriter().write("end\n");
      process.outputWriter().flush();
      long[] counted = Arrays.stream(line().split(" ")).mapToLong(Long::parseLong).toArray();
      process.waitFor();
      return counted;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  void signal(int signal) {
    Signal.kill((int) process.pid(), signal);
  }

  /** Ends it in the middle of whatever it does. */
  void kill() {
    if (process.isAlive()) {
      signal(Signal.SIGKILL);
    }
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    kill();
  }
}
