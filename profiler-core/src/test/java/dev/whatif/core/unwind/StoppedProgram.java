package dev.whatif.core.unwind;

import dev.whatif.testing.GdbStop;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A program that runs while gdb stops it; ends with {@link #close}. */
final class StoppedProgram implements AutoCloseable {

  private final Process process;
  private final Runnable alongside;

  private StoppedProgram(Process process, Runnable alongside) {
    this.process = process;
    this.alongside = alongside;
  }

  static StoppedProgram start(Path program, String... arguments) throws Exception {
    return start(() -> {}, program, arguments);
  }

  /** Starts a program; {@code alongside} is run before it is ended. */
  static StoppedProgram start(Runnable alongside, Path program, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(program.toString()));
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    Thread.sleep(200);
    if (!process.isAlive()) {
      throw new AssertionError(command + " has ended with " + process.exitValue());
    }
    return new StoppedProgram(process, alongside);
  }

  StackAgreement agreement(String name, int stops) {
    return StackAgreement.of(name, process.pid(), GdbStop.of(process.pid(), stops, 0.003));
  }

  long pid() {
    return process.pid();
  }

  @Override
  public void close() {
    try {
      alongside.run();
      process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
