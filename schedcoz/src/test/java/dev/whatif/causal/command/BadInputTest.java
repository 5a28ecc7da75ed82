package dev.whatif.causal.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.core.command.Main;
import dev.whatif.core.linux.SpawnHeader;
import dev.whatif.core.process.Spawn;
import dev.whatif.testing.Programs;
import dev.whatif.testing.Requirement;
import dev.whatif.testing.Requires;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import picocli.CommandLine;

/** What cannot be measured is said in a sentence with a remedy, and nothing is left behind. */
@Requires({Requirement.GCC, Requirement.ROOT, Requirement.BPF})
class BadInputTest {

  @TempDir Path folder;

  private static SteadyTarget target;
  private static String before;

  @BeforeAll
  static void start() {
    target = SteadyTarget.start(0);
    before = SteadyTarget.looks(target.pid());
  }

  @AfterAll
  static void end() {
    target.close();
  }

  private record Run(int exitCode, String err, List<Path> files) {}

  private Run run(String... arguments) {
    Path file = folder.resolve("run.jfr");
    List<String> all = new ArrayList<>(List.of("causal", "-o", file.toString()));
    all.addAll(Arrays.asList(arguments));
    StringWriter err = new StringWriter();
    CommandLine line = Main.commandLine();
    line.setOut(new PrintWriter(new StringWriter(), true));
    line.setErr(new PrintWriter(err, true));
    int code = line.execute(all.toArray(String[]::new));
    return new Run(code, err.toString(), Files.exists(file) ? List.of(file) : List.of());
  }

  private void require(Run run, int code, String... said) {
    assertThat(run.exitCode()).as(run.err()).isEqualTo(code);
    assertThat(run.err()).contains(said).doesNotContain("Exception").doesNotContain("\tat ");
    assertThat(run.err().lines().count()).as(run.err()).isBetween(2L, 3L);
    assertThat(run.files()).isEmpty();
    assertThat(SteadyTarget.looks(target.pid())).isEqualTo(before);
    target.requireWell(2);
  }

  enum Bad {
    UNKNOWN_PLACE(2, List.of("--progress", "stepp"), "no function stepp", "did you mean: step"),
    UNKNOWN_REGION(
        2, List.of("--progress", "step", "--region", "hott"), "no function hott", "did you mean"),
    REGION_THAT_IS_NOT_MAPPED(
        2, List.of("--progress", "step", "--region", "libzz.so:f"), "libzz.so"),
    POINT_IN_ITS_REGION(
        2, List.of("--progress", "hot", "--region", "hot"), "'hot' lies inside of region 'hot'"),
    NO_PROGRESS(2, List.of(), "not said what counts as progress", "--progress PLACE"),
    TOO_MANY_POINTS(
        2, Collections.nCopies(16, "--progress=step"), "16 progress points are more than 15"),
    NO_END(2, List.of("--latency", "step"), "--latency and --until go together"),
    NO_PERCENTAGE(
        2, List.of("--progress", "step", "--speedups", "25,abc"), "'abc' is no percentage"),
    TOO_FAST(2, List.of("--progress", "step", "--speedups", "150"), "'150' is no percentage"),
    NO_SPEEDUP(2, List.of("--progress", "step", "--speedups", "0"), "none above 0"),
    NO_DELAY(2, List.of("--progress", "step", "--max-slowdown", "0"), "without any delay"),
    NO_CONDITION(
        2, List.of("--progress", "step", "--abort-if", "p99>>3"), "'p99>>3' is no condition"),
    NO_NUMBER(2, List.of("--progress", "step", "--abort-if", "rate<1.2.3"), "is no condition"),
    NO_REQUESTS(
        2, List.of("--progress", "step", "--abort-if", "p99>3ms"), "about requests, and none"),
    SUFFERS_AT_ONCE(
        3,
        List.of("--progress", "step", "--region", "hot", "--abort-if", "rate<100000000"),
        "ended early",
        "visits per second",
        "allow more"),
    TOO_SHORT(2, List.of("--progress", "step", "-d", "1ms"), "no experiment was finished"),
    LINES_OF_NOTHING(2, List.of("--progress", "nowhere.c:7"), "called nowhere.c");

    private final int code;
    private final List<String> arguments;
    private final String[] said;

    Bad(int code, List<String> arguments, String... said) {
      this.code = code;
      this.arguments = arguments;
      this.said = said;
    }
  }

  @ParameterizedTest
  @EnumSource
  void aSentenceAndARemedy(Bad bad) {
    List<String> arguments = new ArrayList<>(List.of("-p", "" + target.pid()));
    arguments.addAll(bad.arguments);
    require(run(arguments.toArray(String[]::new)), bad.code, bad.said);
  }

  @Test
  void aProcessThatDoesNotExist() {
    require(run("-p", "4194303", "--progress", "step"), 4, "there is no process 4194303");
  }

  @Test
  void aCommandThatEndsAtOnce() {
    require(run("--progress", "main", "--", "/bin/true"), 4, "true has ended");
  }

  @Test
  void linesOfAStrippedProgram() throws IOException {
    Path stripped = Files.copy(SteadyTarget.program(), folder.resolve("stripped"));
    Programs.run("strip", stripped.toString());
    Path rounds = Files.write(folder.resolve("rounds"), new byte[4096]);
    require(
        run("--progress", "steady.c:60", "--", stripped.toString(), rounds.toString(), "0"),
        2,
        "steady.c:60",
        "no line information",
        "-g");
  }

  /** Both wait for ten seconds: at the same time. */
  @Test
  void nothingIsVisited() {
    var idle = CompletableFuture.supplyAsync(this::blocked);
    Path file = folder.resolve("never.jfr");
    StringWriter err = new StringWriter();
    CommandLine line = Main.commandLine();
    line.setErr(new PrintWriter(err, true));
    int code =
        line.execute(
            "causal", "-o", file.toString(), "-p", "" + target.pid(), "--progress", "never");
    require(
        new Run(code, err.toString(), Files.exists(file) ? List.of(file) : List.of()),
        3,
        "progress point 'never' was not visited since whatif began to count, 10 s ago",
        "put the target under load");
    require(idle.join(), 3, "progress point 'syscall:read' was not visited");
  }

  /** As in a container without capabilities: root's files, and none of root's rights. */
  @Test
  @Requires(Requirement.SETPRIV)
  void whoeverHasNoCapabilities() {
    try (WhatifProcess whatif =
        WhatifProcess.after(
            List.of("setpriv", "--bounding-set=-all", "--inh-caps=-all"),
            System.getProperty("jdk.module.path"),
            folder,
            "-p",
            "" + target.pid(),
            "--progress",
            "step")) {
      int code = whatif.end().exitStatus();
      require(new Run(code, whatif.err(), List.of()), 3, "CAP_BPF");
      assertThat(whatif.recordings()).isEmpty();
    }
  }

  /** That is a result, and no failure: others may have been made faster in the same run. */
  @Test
  void aRegionThatNeverRuns() {
    try (WhatifProcess whatif =
        WhatifProcess.causal(
            folder,
            "-p",
            "" + target.pid(),
            "--progress",
            "step",
            "--region",
            "never",
            "-d",
            "5s")) {
      assertThat(whatif.end().exitStatus()).as(whatif.err()).isZero();
      assertThat(whatif.out()).contains("never sampled");
    }
    assertThat(SteadyTarget.looks(target.pid())).isEqualTo(before);
    target.requireWell(2);
  }

  private Run blocked() {
    Spawn sleep = Spawn.running(List.of("sleep", "600"), SpawnHeader.Files.INHERITED);
    try {
      return run("-p", "" + sleep.pid(), "--progress", "syscall:read");
    } finally {
      sleep.stop(Duration.ZERO);
    }
  }
}
