package dev.whatif.samples.redis;

import dev.whatif.core.failure.UnavailableException;
import dev.whatif.core.linux.SpawnHeader;
import dev.whatif.core.process.Spawn;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A running redis-server that nobody else uses: on a free port of the loopback interface, in a
 * temporary folder, keeping nothing.
 *
 * <p>It lives in a process group of its own, so a Ctrl-C meant for whatif does not reach it. {@link
 * #close()} ends it and deletes the folder; so does the end of the JVM, unless that is killed by
 * SIGKILL. All methods may be called from any thread.
 */
public final class RedisServer implements AutoCloseable {

  private static final Duration START_PATIENCE = Duration.ofSeconds(20);
  private static final Duration STOP_PATIENCE = Duration.ofSeconds(2);

  /** Somebody else may take a free port before the server does. */
  private static final int PORTS_TRIED = 5;

  private final Path folder;
  private final RedisProgram program;
  private final Spawn process;
  private final int port;
  private final String version;
  private volatile Duration shutdownPatience = Duration.ZERO;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread atExit = Thread.ofPlatform().name("redis-stop").unstarted(this::endAtExit);

  private RedisServer(Path folder, RedisProgram program, Spawn process, int port, String version) {
    this.folder = folder;
    this.program = program;
    this.process = process;
    this.port = port;
    this.version = version;
  }

  /**
   * Starts one and waits until it answers.
   *
   * @param arguments more of its configuration, for example {@code --io-threads 2}
   * @throws UnavailableException when there is none that can run here, or it does not start
   */
  public static RedisServer start(String... arguments) {
    Path folder;
    try {
      folder = Files.createTempDirectory("whatif-redis-");
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make a temporary folder for Redis", e);
    }
    try {
      RedisServer server = start(folder, List.of(arguments));
      Runtime.getRuntime().addShutdownHook(server.atExit);
      return server;
    } catch (RuntimeException e) {
      delete(folder);
      throw e;
    }
  }

  private static RedisServer start(Path folder, List<String> arguments) {
    RedisProgram program = RedisProgram.find(folder);
    Path log = folder.resolve("redis.log");
    for (int attempt = 0; attempt < PORTS_TRIED; attempt++) {
      int port = freePort();
      List<String> command = new ArrayList<>(List.of(program.file().toString()));
      command.addAll(List.of("--bind", "127.0.0.1", "--port", Integer.toString(port)));
      command.addAll(List.of("--dir", folder.toString(), "--daemonize", "no"));
      command.addAll(List.of("--save", "", "--appendonly", "no"));
      // A fuse, far above what the load writes.
      command.addAll(List.of("--maxmemory", "1gb", "--maxmemory-policy", "allkeys-random"));
      command.addAll(arguments);
      Spawn process = Spawn.running(command, new SpawnHeader.Files(List.of(), log.toString()));
      Optional<String> version;
      try {
        version = RedisGreeting.await(port, process, START_PATIENCE);
      } catch (RuntimeException e) {
        process.stop(Duration.ZERO);
        throw e;
      }
      if (version.isPresent()) {
        return new RedisServer(folder, program, process, port, version.get());
      }
      process.stop(Duration.ZERO);
      if (!read(log).contains("Address already in use")) {
        break;
      }
    }
    throw new UnavailableException(
        "redis-server does not start: " + lastLine(read(log)),
        "try " + program.file().getFileName() + " by itself to see why");
  }

  /** Its process. */
  public int pid() {
    return process.pid();
  }

  /** Where it listens, on the loopback interface. */
  public int port() {
    return port;
  }

  /** What it says it is, for example "6.2.11". */
  public String version() {
    return version;
  }

  /**
   * Whether it is the one that whatif brings along, with debug information; else an installed one.
   */
  public boolean carried() {
    return program.carried();
  }

  /** Its executable; gone after {@link #close()} when it is a carried one. */
  public Path executable() {
    return program.file();
  }

  /** Whether it has not ended by itself. */
  public boolean running() {
    return process.running();
  }

  /**
   * Keeps it alive while the JVM shuts down, for somebody who still finishes a measurement then and
   * closes it afterwards.
   *
   * @param patience after which it is ended nevertheless
   */
  public void outliveShutdown(Duration patience) {
    shutdownPatience = patience;
  }

  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (IllegalStateException e) {
      // The JVM is ending: the hook runs too, and finds nothing left to do.
    }
    end();
  }

  private synchronized void end() {
    process.stop(STOP_PATIENCE);
    delete(folder);
    closed.countDown();
  }

  private void endAtExit() {
    try {
      if (!closed.await(shutdownPatience.toMillis(), TimeUnit.MILLISECONDS)) {
        end();
      }
    } catch (InterruptedException e) {
      end();
    }
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException("no port of the loopback interface is free", e);
    }
  }

  private static String read(Path log) {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      return "";
    }
  }

  private static String lastLine(String log) {
    return log.lines()
        .filter(l -> !l.isBlank())
        .reduce((_, last) -> last)
        .orElse("it says nothing");
  }

  private static void delete(Path folder) {
    try (var files = Files.walk(folder)) {
      for (Path file : files.toList().reversed()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      // Deleted meanwhile, or not ours any more: nothing that could be done about it.
    }
  }
}
