package dev.whatif.core.place;

import dev.whatif.core.dwarf.DebugFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A program that has printed "ready" and runs until its input ends. */
final class RunningCode implements AutoCloseable {

  private static final DebugFiles NOWHERE = new DebugFiles(List.of(), null);

  private final Process process;

  private RunningCode(Process process) {
    this.process = process;
  }

  static RunningCode start(Path program, String... arguments) throws IOException {
    List<String> command = new java.util.ArrayList<>(List.of(program.toString()));
    command.addAll(List.of(arguments));
    Process p = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    RunningCode running = new RunningCode(p);
    running.await("ready");
    return running;
  }

  /** Reads what it prints, line by line, up to this one. */
  void await(String line) throws IOException {
    StringBuilder read = new StringBuilder();
    for (int c = process.getInputStream().read(); ; c = process.getInputStream().read()) {
      if (c < 0) {
        throw new AssertionError("it ended without saying " + line);
      }
      if (c != '\n') {
        read.append((char) c);
      } else if (read.toString().equals(line)) {
        return;
      } else {
        read.setLength(0);
      }
    }
  }

  /** Writes a line to it. */
  void tell(String line) throws IOException {
    process
        .getOutputStream()
        .write((line + "\n").getBytes(java.nio.charset.StandardCharsets.UTF_8));
    process.getOutputStream().flush();
  }

  int pid() {
    return (int) process.pid();
  }

  /** Its code, without the debug files of this machine. */
  TargetCode code() {
    return TargetCode.of(List.of(pid()), NOWHERE);
  }

  @Override
  public void close() {
    process.destroyForcibly();
    try {
      process.waitFor(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
