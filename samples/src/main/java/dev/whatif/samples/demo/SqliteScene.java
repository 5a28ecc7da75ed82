package dev.whatif.samples.demo;

import dev.whatif.core.process.Target;
import dev.whatif.samples.sqlite.SqliteLoad;
import java.time.Duration;
import java.util.List;

/** A process of threads that read one SQLite database, and write to it one at a time. */
final class SqliteScene implements Scene {

  private static final int THREADS = 4;

  /** For a report, and for an end that nobody was there to bring about. */
  private static final Duration MARGIN = Duration.ofMinutes(5);

  private final SqliteLoad load;

  private SqliteScene(SqliteLoad load) {
    this.load = load;
  }

  /** Compiles it where that is possible, starts it and fills the table. */
  static SqliteScene start(Duration duration) {
    Duration longest = duration.compareTo(Duration.ofDays(1)) < 0 ? duration : Duration.ofDays(1);
    return new SqliteScene(SqliteLoad.start(THREADS, longest.plus(MARGIN)));
  }

  @Override
  public String said() {
    String how =
        load.compiled()
            ? "SQLite, linked from this machine's static library"
            : "SQLite as sqlite-jdbc carries it, whose functions have addresses for names ("
                + SqliteLoad.missing().orElse("")
                + ")";
    return "%s, pid %d; %d threads read, and write one at a time"
        .formatted(how, load.pid(), THREADS);
  }

  @Override
  public String workload() {
    return "sqlite, " + (load.compiled() ? "C" : "JDBC") + ", " + THREADS + " threads";
  }

  @Override
  public Target system() {
    return new Target.Processes(List.of(load.pid()), "sqlite");
  }

  @Override
  public Target server() {
    return system();
  }

  @Override
  public String progress() {
    return load.progress();
  }

  @Override
  public List<String> excluded() {
    return List.of();
  }

  @Override
  public boolean running() {
    return load.running();
  }

  @Override
  public void outliveShutdown(Duration patience) {
    load.outliveShutdown(patience);
  }

  @Override
  public void close() {
    load.close();
  }
}
