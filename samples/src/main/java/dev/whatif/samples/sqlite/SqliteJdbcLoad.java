package dev.whatif.samples.sqlite;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * The load of {@code sqlite_load.c} through JDBC, for a JVM of its own: {@code FILE THREADS
 * SECONDS}. Writes "ready" to stdout when the tables are filled.
 */
final class SqliteJdbcLoad {

  private static final int ROWS = 20_000;
  private static final int WRITES = 4;
  private static final int READS = 4;

  /** SQLite has one writer at a time; without it the others would poll. */
  private static final Object WRITER = new Object();

  private SqliteJdbcLoad() {}

  /** Runs it. */
  public static void main(String[] arguments)
      throws SQLException, IOException, InterruptedException, ExecutionException {
    String url = "jdbc:sqlite:" + arguments[0];
    int threads = Integer.parseInt(arguments[1]);
    long nanos = (long) (Double.parseDouble(arguments[2]) * 1e9);
    fill(url);
    try (OutputStream out = new FileOutputStream(FileDescriptor.out)) {
      out.write("ready\n".getBytes(StandardCharsets.US_ASCII));
    }
    long begun = System.nanoTime();
    try (ExecutorService clients = Executors.newFixedThreadPool(threads)) {
      List<Future<?>> ends = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        int seed = i;
        ends.add(clients.submit(() -> client(url, seed, begun, nanos)));
      }
      for (Future<?> end : ends) {
        end.get();
      }
    }
  }

  private static Connection open(String url) throws SQLException {
    Connection connection = DriverManager.getConnection(url);
    try (Statement s = connection.createStatement()) {
      s.execute("PRAGMA synchronous=OFF");
      s.execute("PRAGMA busy_timeout=10000");
    }
    return connection;
  }

  private static void fill(String url) throws SQLException {
    try (Connection connection = open(url);
        Statement s = connection.createStatement()) {
      s.execute("PRAGMA journal_mode=WAL");
      s.execute(
          "CREATE TABLE account(id INTEGER PRIMARY KEY, owner TEXT NOT NULL, region INTEGER NOT NULL,"
              + " balance INTEGER NOT NULL, note TEXT)");
      s.execute("CREATE INDEX account_region ON account(region, balance)");
      s.execute(
          "WITH RECURSIVE n(id) AS (SELECT 0 UNION ALL SELECT id + 1 FROM n WHERE id < "
              + (ROWS - 1)
              + ") INSERT INTO account SELECT id, printf('owner %d', id % 997), id % 50,"
              + " (id * 7919) % 100000, '' FROM n");
    }
  }

  private static Long client(String url, int seed, long begun, long nanos) throws SQLException {
    SplittableRandom random = new SplittableRandom(seed);
    long transactions = 0;
    try (Connection connection = open(url);
        PreparedStatement update =
            connection.prepareStatement(
                "UPDATE account SET balance = abs(balance + ?1),"
                    + " note = printf('%d at %s', ?1, hex(owner)) WHERE id = ?2");
        PreparedStatement query =
            connection.prepareStatement(
                "SELECT owner, count(*), sum(balance), max(length(note)) FROM account"
                    + " WHERE region = ?1 AND balance BETWEEN ?2 AND ?2 + 20000"
                    + " AND owner LIKE '%7%' GROUP BY owner ORDER BY 3 DESC LIMIT 5")) {
      connection.setAutoCommit(false);
      while (System.nanoTime() - begun < nanos) {
        synchronized (WRITER) {
          write(update, random);
          connection.commit();
        }
        read(query, random);
        connection.commit(); // what was read is not held until the next write
        transactions++;
      }
    }
    return transactions;
  }

  private static void write(PreparedStatement update, SplittableRandom random) throws SQLException {
    for (int i = 0; i < WRITES; i++) {
      update.setInt(1, random.nextInt(-500, 500));
      update.setInt(2, random.nextInt(ROWS));
      update.executeUpdate();
    }
  }

  private static void read(PreparedStatement query, SplittableRandom random) throws SQLException {
    for (int i = 0; i < READS; i++) {
      query.setInt(1, random.nextInt(50));
      query.setInt(2, random.nextInt(80_000));
      try (ResultSet rows = query.executeQuery()) {
        while (rows.next()) {
          rows.getInt(3);
        }
      }
    }
  }
}
