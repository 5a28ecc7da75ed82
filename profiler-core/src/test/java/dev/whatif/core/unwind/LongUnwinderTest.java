package dev.whatif.core.unwind;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.testing.Programs;
import dev.whatif.testing.RedisServer;
import dev.whatif.testing.Requirement;
import dev.whatif.testing.Requires;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * 200 stops of each program: in at least 198 all frames of all threads are gdb's, not counted those
 * few in which gdb's own frames leave the code (see {@link StackAgreement}).
 */
@Tag("long")
@Requires({Requirement.GCC, Requirement.GXX, Requirement.GDB, Requirement.BINUTILS})
class LongUnwinderTest {

  private static final int STOPS = Integer.getInteger("whatif.stops", 200);

  private static final String ENDLESS_QUERY =
      "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x+1 FROM c LIMIT 1000000000)"
          + " SELECT count(*), sum(length(printf('%d %s', x, hex(x)))), max(substr(hex(x),2))"
          + " FROM c WHERE x LIKE '%7%' GROUP BY x % 97 ORDER BY 2;";

  @Test
  void redis() throws Exception {
    try (StoppedProgram redis = RedisLoad.start(RedisServer.program())) {
      check(redis.agreement("redis-server", STOPS));
    }
  }

  @Test
  void strippedRedis() throws Exception {
    try (StoppedProgram redis = RedisLoad.start(stripped(RedisServer.program()))) {
      check(redis.agreement("redis-server stripped", STOPS));
    }
  }

  @Test
  void sqlite() throws Exception {
    run("sqlite3", Path.of("/usr/bin/sqlite3"), ":memory:", ENDLESS_QUERY);
  }

  @Test
  void cxxLibrary() throws Exception {
    run("library.cc -O2 -g", Programs.compiled("library.cc", "-O2", "-g", "-lpthread"));
  }

  @Test
  void cxxLibraryUnoptimised() throws Exception {
    run("library.cc -O0 -g", Programs.compiled("library.cc", "-O0", "-g", "-lpthread"));
  }

  @Test
  void cxxLibraryStatic() throws Exception {
    run("library.cc -O3 -static", Programs.compiled("library.cc", "-O3", "-static", "-lpthread"));
  }

  @Test
  void cxxLibraryStripped() throws Exception {
    run(
        "library.cc -O2 stripped",
        stripped(Programs.compiled("library.cc", "-O2", "-g", "-lpthread")));
  }

  @Test
  void deep() throws Exception {
    run("deep.c -O2 -g", Programs.compiled("deep.c", "-O2", "-g", "-lpthread"));
  }

  @Test
  void deepNotPositionIndependent() throws Exception {
    run(
        "deep.c -O3 -no-pie static stripped",
        stripped(Programs.compiled("deep.c", "-O3", "-no-pie", "-static", "-lpthread")));
  }

  @Test
  void deepStripped() throws Exception {
    run(
        "deep.c -O2 -m=native stripped",
        stripped(Programs.compiled("deep.c", "-O2", "-march=native", "-lpthread")));
  }

  @Test
  void debugFrameOnly() throws Exception {
    run(
        "deep.c .debug_frame only",
        Programs.compiled(
            "deep.c",
            "-O2",
            "-g",
            "-fno-asynchronous-unwind-tables",
            "-fno-unwind-tables",
            "-lpthread"));
  }

  private static void run(String name, Path program, String... arguments) throws Exception {
    try (StoppedProgram p = StoppedProgram.start(program, arguments)) {
      check(p.agreement(name, STOPS));
    }
  }

  private static void check(StackAgreement agreement) {
    System.out.print(agreement.text());
    assertThat(agreement.stops()).isGreaterThanOrEqualTo(STOPS);
    assertThat(agreement.equal() * 200L)
        .as(agreement.text())
        .isGreaterThanOrEqualTo((agreement.stops() - agreement.astray()) * 198L);
    assertThat(agreement.astray() * 50).isLessThanOrEqualTo(agreement.stops());
  }

  private static Path stripped(Path program) {
    Path result =
        Programs.folder("stripped").resolve(program.getFileName() + "-" + program.hashCode());
    Programs.run("strip", "--strip-all", "-o", result.toString(), program.toString());
    return result;
  }
}
