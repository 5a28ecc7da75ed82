package dev.whatif.samples.benchmark;

import dev.whatif.core.failure.TargetLostException;
import dev.whatif.samples.program.SourceFolder;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/**
 * A running {@code cost.c}: plays a number of rounds when it is told to, on one CPU, and says what
 * CPU time they took. {@link #close()} ends it. For one thread.
 */
final class CostProgram implements AutoCloseable {

  private static final String SOURCE = "cost.c";

  /** A run lasts about so long: long against a sampling period, short against disturbances. */
  private static final double RUN_NANOS = 60e6;

  private final Path file;
  private final Process process;
  private final Writer to;
  private final BufferedReader from;
  private final long rounds;

  private CostProgram(Path file, Process process) throws IOException {
    this.file = file;
    this.process = process;
    this.to = process.outputWriter(StandardCharsets.US_ASCII);
    this.from = process.inputReader(StandardCharsets.US_ASCII);
    play(200);
    this.rounds = Math.max(10, (long) (RUN_NANOS / (play(500) / 500)));
  }

  /**
   * Compiles and starts it.
   *
   * @param kind of rounds, see {@code cost.c}
   */
  static CostProgram start(SourceFolder folder, String kind, int cpu) throws IOException {
    folder.unpack(CostProgram.class, SOURCE);
    Path file = folder.compile("gcc", SOURCE, "cost", List.of());
    return new CostProgram(
        file,
        new ProcessBuilder(file.toString(), kind, "" + cpu)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start());
  }

  int pid() {
    return (int) process.pid();
  }

  /** Its file. */
  Path file() {
    return file;
  }

  /** CPU nanoseconds of a round: one run of as many as make it long enough. */
  double nanosPerRound() throws IOException {
    return play(rounds) / rounds;
  }

  private double play(long count) throws IOException {
    to.write(count + "\n");
    to.flush();
    String line = from.readLine();
    if (line == null) {
      throw new TargetLostException("the program that is measured has ended");
    }
    return Double.parseDouble(line);
  }

  @Override
  public void close() {
    process.destroyForcibly();
    process.onExit().join();
  }
}
