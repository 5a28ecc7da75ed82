package dev.whatif.causal.hostile;

import dev.whatif.core.linux.SpawnHeader;
import dev.whatif.core.linux.Wait;
import dev.whatif.core.process.Spawn;
import dev.whatif.testing.Programs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A hostile target that runs; {@link #close()} ends it and its children. */
final class HostileProcess implements AutoCloseable {

  private static final Pattern EINTR = Pattern.compile("(?m)^eintr (\\d+) (.*)$");
  private static final Pattern VISITS = Pattern.compile("(?m)^visits (\\d+) seconds");
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /**
   * How it ended.
   *
   * @param status 0 when nothing was wrong; 128 and the signal when it was killed
   * @param visits of its progress point
   * @param eintr calls that failed with EINTR though the program had sent no signal
   * @param said everything it printed
   */
  record Outcome(int status, long visits, long eintr, String said) {}

  private final Spawn process;
  private final Path output;
  private final double seconds;

  private HostileProcess(Spawn process, Path output, double seconds) {
    this.process = process;
    this.output = output;
    this.seconds = seconds;
  }

  static HostileProcess start(Path executable, double seconds, List<String> more) {
    List<String> command = new ArrayList<>(List.of(executable.toString()));
    command.addAll(List.of("--seconds", Double.toString(seconds)));
    command.addAll(more);
    try {
      Path output = Files.createTempFile(Programs.folder("hostile"), "output", "");
      return new HostileProcess(
          Spawn.running(command, new SpawnHeader.Files(List.of(), output.toString())),
          output,
          seconds);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The process; the parent of the others, if there are any. */
  int pid() {
    return process.pid();
  }

  boolean running() {
    return process.running();
  }

  /** Waits until it has ended by itself. */
  Outcome await() {
    long deadline = System.nanoTime() + PATIENCE.toNanos() + (long) (seconds * 1e9);
    while (process.running()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError(process.name() + " does not end; it said: " + said());
      }
      java.util.concurrent.locks.LockSupport.parkNanos(2_000_000);
    }
    Wait.Status end = process.ended().orElseThrow();
    int status = end.exited() ? end.exitStatus() : 128 + end.signal();
    String said = said();
    return new Outcome(status, number(VISITS, said), number(EINTR, said), said);
  }

  private static long number(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    return matcher.find() ? Long.parseLong(matcher.group(1)) : 0;
  }

  private String said() {
    try {
      return Files.readString(output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    process.stop(Duration.ofSeconds(1));
    try {
      Files.deleteIfExists(output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
