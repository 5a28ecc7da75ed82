package dev.whatif.samples.sqlite;

import dev.whatif.core.failure.UnavailableException;
import dev.whatif.core.linux.SpawnHeader;
import dev.whatif.core.process.Spawn;
import dev.whatif.samples.program.SourceFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A running database under load, in a process of its own: threads with a connection each write
 * under one mutex and read without it, in write-ahead mode, on a file system in memory where there
 * is one.
 *
 * <p>{@link #close()} ends it and deletes its files; so does the end of the JVM, unless that is
 * killed by SIGKILL: then it ends by itself after the longest time it was given. Methods may be
 * called from any thread.
 */
public final class SqliteLoad implements AutoCloseable {

  private static final Duration START_PATIENCE = Duration.ofSeconds(60);
  private static final Duration STOP_PATIENCE = Duration.ofSeconds(2);

  private static final Path MEMORY = Path.of("/dev/shm");
  private static final String SOURCE = "sqlite_load.c";

  /** Debian's and Fedora's places of the static library. */
  private static final List<Path> ARCHIVES =
      List.of(
          Path.of("/usr/lib/x86_64-linux-gnu/libsqlite3.a"),
          Path.of("/usr/lib64/libsqlite3.a"),
          Path.of("/usr/lib/libsqlite3.a"));

  private final SourceFolder folder;
  private final Path data;
  private final boolean compiled;
  private final Thread atExit;
  private final CountDownLatch removed = new CountDownLatch(1);
  private volatile Duration shutdownPatience = Duration.ZERO;
  private @Nullable Spawn process;

  private SqliteLoad(boolean compiled, int threads, Duration longest) {
    this.compiled = compiled;
    folder = SourceFolder.open("whatif-sqlite-");
    data = dataFolder();
    atExit = Thread.ofPlatform().name("sqlite-stop").unstarted(this::atExit);
    Runtime.getRuntime().addShutdownHook(atExit);
    try {
      List<String> command = new ArrayList<>(compiled ? program() : jvm());
      command.add(data.resolve("load.db").toString());
      command.addAll(List.of("" + threads, "" + longest.toMillis() / 1000.0));
      SpawnHeader.Files files = new SpawnHeader.Files(List.of(), output().toString());
      Spawn started = Spawn.running(command, files);
      process = started;
      awaitReady(started);
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /**
   * Why the C program cannot be built here, or empty when it can. Without it the load still runs,
   * with fewer names.
   */
  public static Optional<String> missing() {
    Optional<String> compiler = SourceFolder.missing("gcc");
    if (compiler.isPresent()) {
      return compiler;
    }
    return archive().isPresent() && Files.exists(Path.of("/usr/include/sqlite3.h"))
        ? Optional.empty()
        : Optional.of("SQLite's static library is not installed (package libsqlite3-dev)");
  }

  /**
   * Starts the load, in C where that can be compiled, and waits until it is under way.
   *
   * @param threads from 1 to 64
   * @param longest after which it ends by itself
   * @throws UnavailableException when it does not start
   */
  public static SqliteLoad start(int threads, Duration longest) {
    return new SqliteLoad(missing().isEmpty(), threads, longest);
  }

  /** The same with the library of sqlite-jdbc, whatever is installed. */
  static SqliteLoad startInJvm(int threads, Duration longest) {
    return new SqliteLoad(false, threads, longest);
  }

  private static Optional<Path> archive() {
    return ARCHIVES.stream().filter(Files::exists).findFirst();
  }

  private List<String> program() {
    folder.unpack(SqliteLoad.class, SOURCE);
    List<String> libraries = List.of(archive().orElseThrow().toString(), "-lm");
    return List.of(folder.compile("gcc", SOURCE, "sqlite_load", libraries).toString());
  }

  /** This JVM's own program and jars; the library is unpacked where it will be deleted. */
  private List<String> jvm() {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:+UseSerialGC",
        "-Xmx128m",
        "-Dorg.sqlite.tmpdir=" + folder.path(),
        "--enable-native-access=org.xerial.sqlitejdbc",
        "--module-path",
        System.getProperty("jdk.module.path", ""),
        "-m",
        "dev.whatif.samples/" + SqliteJdbcLoad.class.getName());
  }

  private static Path dataFolder() {
    try {
      return Files.isWritable(MEMORY)
          ? Files.createTempDirectory(MEMORY, "whatif-sqlite-")
          : Files.createTempDirectory("whatif-sqlite-");
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make a folder for a database", e);
    }
  }

  private Path output() {
    return folder.path().resolve("output");
  }

  private void awaitReady(Spawn started) {
    long deadline = System.nanoTime() + START_PATIENCE.toNanos();
    while (!said().contains("ready")) {
      if (!started.running() || System.nanoTime() > deadline) {
        throw new UnavailableException("the load on SQLite does not start: " + said().strip());
      }
      java.util.concurrent.locks.LockSupport.parkNanos(5_000_000);
    }
  }

  private String said() {
    try {
      return Files.exists(output()) ? Files.readString(output()) : "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Its process. */
  public int pid() {
    return Objects.requireNonNull(process).pid();
  }

  /** The file in which SQLite's code is: the program, or the library that the JVM has loaded. */
  public Path executable() {
    if (compiled) {
      return folder.path().resolve("sqlite_load");
    }
    try (Stream<Path> files = Files.list(folder.path())) {
      return files.filter(f -> f.toString().endsWith(".so")).findFirst().orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether it is the C program, with all names. */
  public boolean compiled() {
    return compiled;
  }

  /**
   * Its progress point, a function: called once for each transaction by the C program, and four
   * times (commit and begin after the write and after the read) under the JVM.
   */
  public String progress() {
    return compiled ? "transaction_done" : "Java_org_sqlite_core_NativeDB__1exec_1utf8";
  }

  /** Whether it has not ended yet. */
  public boolean running() {
    return Objects.requireNonNull(process).running();
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

  private void atExit() {
    try {
      if (!removed.await(shutdownPatience.toMillis(), TimeUnit.MILLISECONDS)) {
        remove();
      }
    } catch (InterruptedException e) {
      remove();
    }
  }

  @Override
  public void close() {
    remove();
    try {
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (IllegalStateException e) {
      // The JVM is ending: the hook runs too, and finds nothing left to do.
    }
  }

  private synchronized void remove() {
    if (process != null) {
      process.stop(STOP_PATIENCE);
    }
    if (Files.exists(folder.path())) {
      folder.close();
    }
    try (Stream<Path> files = Files.walk(data)) {
      for (Path file : files.toList().reversed()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      // Deleted before: nothing left to do.
    }
    removed.countDown();
  }
}
