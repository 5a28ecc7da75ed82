package dev.whatif.samples.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.testing.Requirement;
import dev.whatif.testing.Requires;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Both kinds of the load get on, have their progress point, and leave nothing behind. */
class SqliteLoadTest {

  @Test
  @Requires(Requirement.SQLITE_LIBRARY)
  void theCompiledOneHasTheNamesOfItsFunctions() throws Exception {
    Path executable;
    int pid;
    try (SqliteLoad load = SqliteLoad.start(2, Duration.ofMinutes(1))) {
      assertThat(load.compiled()).isTrue();
      pid = load.pid();
      executable = load.executable();
      assertThat(holds(executable, load.progress())).isTrue();
      assertThat(holds(executable, "sqlite3VdbeExec")).as("a local function").isTrue();
      getsOn(load);
    }
    assertThat(executable.getParent()).doesNotExist();
    assertThat(Path.of("/proc/" + pid)).doesNotExist();
  }

  @Test
  void theOneInAJvmHasTheExportedFunctions() throws Exception {
    Path executable;
    int pid;
    try (SqliteLoad load = SqliteLoad.startInJvm(2, Duration.ofMinutes(1))) {
      assertThat(load.compiled()).isFalse();
      pid = load.pid();
      executable = load.executable();
      assertThat(Files.readString(Path.of("/proc/" + pid + "/maps")))
          .contains(executable.toString());
      assertThat(holds(executable, load.progress())).isTrue();
      getsOn(load);
    }
    assertThat(executable.getParent()).doesNotExist();
    assertThat(Path.of("/proc/" + pid)).doesNotExist();
  }

  /** It writes: bytes of its threads grow. */
  private static void getsOn(SqliteLoad load) throws Exception {
    long before = written(load.pid());
    long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (written(load.pid()) <= before && System.nanoTime() < deadline) {
      Thread.sleep(10);
    }
    assertThat(written(load.pid())).isGreaterThan(before);
    assertThat(load.running()).isTrue();
  }

  private static long written(int pid) throws Exception {
    return Files.readAllLines(Path.of("/proc/" + pid + "/io")).stream()
        .filter(l -> l.startsWith("wchar: "))
        .mapToLong(l -> Long.parseLong(l.substring(7)))
        .findFirst()
        .orElseThrow();
  }

  private static boolean holds(Path file, String name) throws Exception {
    return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(name);
  }
}
