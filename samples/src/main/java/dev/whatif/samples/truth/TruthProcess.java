package dev.whatif.samples.truth;

import dev.whatif.core.failure.UnavailableException;
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
import java.util.Locale;

/** A program of the suite that runs; {@link #close()} ends it with its children. For one thread. */
public final class TruthProcess implements AutoCloseable {

  private static final Duration STOP_PATIENCE = Duration.ofSeconds(1);

  private final Spawn process;
  private final Path output;
  private final Path executable;

  private TruthProcess(Spawn process, Path output, Path executable) {
    this.process = process;
    this.output = output;
    this.executable = executable;
  }

  /**
   * Starts one.
   *
   * @param scale what is left of the cost of X, 0 to 1
   * @param seconds after which it ends by itself
   */
  static TruthProcess start(Path executable, TruthProgram program, double scale, double seconds) {
    List<String> command = new ArrayList<>(List.of(executable.toString()));
    command.addAll(List.of("--scale", number(scale), "--seconds", number(seconds)));
    command.addAll(program.arguments());
    try {
      Path output = Files.createTempFile(executable.getParent(), "output", "");
      Spawn process = Spawn.running(command, new SpawnHeader.Files(List.of(), output.toString()));
      return new TruthProcess(process, output, executable);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.4f", value);
  }

  /** Its process; the parent of the others, if it has any. */
  public int pid() {
    return process.pid();
  }

  /** Its file. */
  public Path executable() {
    return executable;
  }

  /** Whether it has not ended yet. */
  public boolean running() {
    return process.running();
  }

  /**
   * Waits for its end.
   *
   * @throws UnavailableException when it ends otherwise than it should
   */
  public TruthVisits await() throws InterruptedException {
    while (process.running()) {
      Thread.sleep(5);
    }
    Wait.Status end = process.ended().orElseThrow();
    String said = said();
    if (!end.exited() || end.exitStatus() != 0) {
      throw new UnavailableException(
          "%s ended with %s: %s"
              .formatted(
                  executable.getFileName(),
                  end.exited() ? "status " + end.exitStatus() : "signal " + end.signal(),
                  said.strip()));
    }
    return TruthVisits.parse(said);
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
    process.stop(STOP_PATIENCE);
    try {
      Files.deleteIfExists(output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
