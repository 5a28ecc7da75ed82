package dev.whatif.ebpf.proof;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A running {@link DyingController}, started when needed and again when it has died. */
final class Controller implements AutoCloseable {

  /** What the dead have left in the JVM (stacks, waiting callers) is not let grow without end. */
  private static final int MOST_DEAD = 150;

  private int deadThreads;
  private Process process;
  private BufferedReader answers;

  /**
   * How a piece of work ended.
   *
   * @param died whether at the request it was to die after
   * @param requests how many there were
   */
  record Outcome(boolean died, long requests) {}

  /** Works on a target to the end. */
  Outcome complete(Work work, SelfChecking target) {
    return send(work, target, 0, "thread");
  }

  /** Works on a target; the thread that does it ends after the k-th request. */
  Outcome dyingThread(Work work, SelfChecking target, long k) {
    return send(work, target, k, "thread");
  }

  /** Works on a target and is killed after the k-th request. */
  Outcome killed(Work work, SelfChecking target, long k) {
    return send(work, target, k, "process");
  }

  private Outcome send(Work work, SelfChecking target, long k, String how) {
    try {
      if (process == null || !process.isAlive()) {
        start();
      }
      process
          .getOutputStream()
          .write(
              "%s %d %d %s\n"
                  .formatted(work, target.pid(), k, how)
                  .getBytes(StandardCharsets.UTF_8));
      process.getOutputStream().flush();
      String answer = answers.readLine();
      if (answer == null) {
        if (!process.waitFor(10, TimeUnit.SECONDS) || process.exitValue() != 128 + 9) {
          throw new AssertionError("the controller ended by itself: " + process);
        }
        return new Outcome(true, k);
      }
      String[] words = answer.split(" ", -1);
      if (words[0].equals("failed")) {
        throw new AssertionError(
            "%s of %s, dying after %d: %s".formatted(work, target, k, answer.replace('|', '\n')));
      }
      if (words[0].equals("died") && ++deadThreads == MOST_DEAD) {
        close();
      }
      return new Outcome(words[0].equals("died"), Long.parseLong(words[1]));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private void start() throws IOException {
    deadThreads = 0;
    process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xshare:auto",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                classPath(),
                DyingController.class.getName())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    answers = process.inputReader(StandardCharsets.UTF_8);
  }

  /** Modules and tests side by side: one unnamed module, that may call into C. */
  private static String classPath() {
    return String.join(
        File.pathSeparator,
        System.getProperty("java.class.path", ""),
        System.getProperty("jdk.module.path", ""),
        Path.of("target", "test-classes").toAbsolutePath().toString());
  }

  @Override
  public void close() {
    if (process != null) {
      process.destroyForcibly().onExit().join();
    }
  }
}
