package dev.whatif.samples.redis;

import dev.whatif.core.failure.UnavailableException;
import dev.whatif.core.process.Spawn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * The clients of {@link RequestReplay} in a process of their own, so that they can be measured, and
 * delayed, together with the server: a small JVM, because there is one wherever whatif runs.
 *
 * <p>It has ended with its server, after {@link #close()}, or with the JVM that started it, unless
 * that is killed by SIGKILL: then it ends when the server does. Methods may be called from any
 * thread.
 */
public final class ReplayProcess implements AutoCloseable {

  private static final Duration START_PATIENCE = Duration.ofSeconds(30);

  /** What it prints when its requests are encoded and the first round is answered. */
  static final String READY = "ready";

  private final Leftovers leftovers;
  private final Spawn process;
  private final Path log;

  private ReplayProcess(Leftovers leftovers, Spawn process, Path log) {
    this.leftovers = leftovers;
    this.process = process;
    this.log = log;
  }

  /**
   * Starts it and waits until every client has sent each of its requests once: the keys are there,
   * and the code is compiled.
   *
   * @param port where a Redis listens, on the loopback interface
   * @param options of the load; its number of requests does not matter
   * @throws UnavailableException when it does not start
   */
  public static ReplayProcess start(int port, RedisLoadOptions options) {
    Leftovers leftovers = new Leftovers();
    try {
      Path log = leftovers.folder().resolve("load.log");
      ReplayProcess load =
          new ReplayProcess(leftovers, leftovers.start(command(port, options), log), log);
      load.awaitReady();
      return load;
    } catch (RuntimeException e) {
      leftovers.remove();
      throw e;
    }
  }

  /** This JVM's own program and jars; as few threads of its own as a JVM can have. */
  private static List<String> command(int port, RedisLoadOptions options) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-Xmx256m", "-XX:-UsePerfData"));
    command.addAll(List.of("--module-path", System.getProperty("jdk.module.path", "")));
    command.addAll(List.of("-m", "dev.whatif.samples/" + ReplayProcess.class.getName()));
    command.addAll(List.of("" + port, "" + options.clients(), "" + options.pipeline()));
    return command;
  }

  private void awaitReady() {
    long deadline = System.nanoTime() + START_PATIENCE.toNanos();
    while (!said().contains(READY)) {
      if (!process.running() || System.nanoTime() > deadline) {
        throw new UnavailableException("the load on Redis does not start: " + said().strip());
      }
      LockSupport.parkNanos(5_000_000);
    }
  }

  private String said() {
    try {
      return Files.exists(log) ? Files.readString(log) : "";
    } catch (IOException e) {
      return ""; // taken away by the end of the JVM
    }
  }

  /** Its process. */
  public int pid() {
    return process.pid();
  }

  /** Whether it has not ended by itself, as it does when the server cuts a client off. */
  public boolean running() {
    return process.running();
  }

  /** The same as {@link RedisServer#outliveShutdown}. */
  public void outliveShutdown(Duration patience) {
    leftovers.outliveShutdown(patience);
  }

  @Override
  public void close() {
    leftovers.remove();
  }

  /** In the process of its own: {@code PORT CLIENTS PIPELINE}. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    int port = Integer.parseInt(arguments[0]);
    RedisLoadOptions options =
        RedisLoadOptions.DEFAULT
            .withClients(Integer.parseInt(arguments[1]))
            .withPipeline(Integer.parseInt(arguments[2]));
    RequestReplay once =
        new RequestReplay(options.withRequests(RequestReplay.distinctRequests(options)));
    once.run(port);
    System.out.println(READY);
    System.out.flush();
    once.runForever(port);
  }
}
