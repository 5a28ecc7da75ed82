package dev.whatif.samples.install;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.samples.install.Installation.Result;
import dev.whatif.testing.Programs;
import dev.whatif.testing.Requirement;
import dev.whatif.testing.Requires;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The archive needs a JDK and nothing else, wherever it lies and however it is called. */
class DistributionIT {

  private static Installation whatif;

  @TempDir Path elsewhere;

  @BeforeAll
  static void unpack() {
    whatif = Installation.unpacked();
  }

  @AfterAll
  static void delete() {
    whatif.delete();
  }

  @Test
  void namesItsVersion() {
    Result result = whatif.run(elsewhere, Map.of(), "--version");
    String version = whatif.home().getFileName().toString().substring("whatif-".length());
    assertThat(result.out()).startsWith("whatif " + version);
    assertThat(result.exit()).isZero();
    assertThat(result.err()).isEmpty();
  }

  @Test
  void knowsTheDemo() {
    assertThat(whatif.run(elsewhere, Map.of(), "--help").out()).contains("demo");
  }

  @Test
  void bringsItsLicenceAndNoBuildFiles() {
    assertThat(whatif.home().resolve("LICENSE")).content().contains("Apache License");
    assertThat(whatif.home().resolve("pom.xml")).doesNotExist();
  }

  @Test
  void bringsExamplesOfBpfPrograms() {
    Path examples = whatif.home().resolve("examples").resolve("bpf");
    assertThat(examples).isDirectoryContaining("glob:**runqlat.bpf.c");
    assertThat(examples.resolve("build")).isExecutable();
    Result result =
        whatif.run(whatif.home(), Map.of(), "bpf", "disasm", "examples/bpf/runqlat.bpf.o");
    assertThat(result.exit()).as(result.err()).isZero();
    assertThat(result.out())
        .contains("section tp_btf/sched_wakeup", "switched:", "; runqlat.bpf.c:");
  }

  @Test
  void aWrongCallIsExitCodeTwoAndNothingOnStdout() {
    for (List<String> call :
        List.of(
            List.of("no-such-command"),
            List.of("demo", "no-such-demo"),
            List.of("demo", "-d", "soon"))) {
      Result result = whatif.run(elsewhere, Map.of(), call.toArray(String[]::new));
      assertThat(result.exit()).as(call.toString()).isEqualTo(2);
      assertThat(result.out()).isEmpty();
      assertThat(result.err()).isNotBlank();
    }
  }

  @Test
  void runsThroughALink() throws Exception {
    Path folder = Files.createTempDirectory("links");
    Path link = Files.createSymbolicLink(folder.resolve("w"), whatif.launcher());
    Result result =
        Installation.await(
            Installation.start(elsewhere, Map.of(), List.of(link.toString(), "--version")));
    assertThat(result.exit()).isZero();
    assertThat(result.out()).startsWith("whatif ");
    Programs.run("rm", "-r", folder.toString());
  }

  @Test
  void aStartUpCacheIsMadeOnceAndADamagedOneIsIgnoredInSilence() throws Exception {
    whatif.run(elsewhere, Map.of(), "--version");
    Path folder = whatif.home().resolve("cache");
    assertThat(folder).isDirectoryContaining("glob:**.aot");
    Path cache;
    try (var files = Files.list(folder)) {
      cache = files.toList().getFirst();
    }
    assertThat(Files.size(cache)).isGreaterThan(1_000_000);
    byte[] good = Files.readAllBytes(cache);
    try {
      Files.write(cache, java.util.Arrays.copyOf(good, 100_000));
      Result result = whatif.run(elsewhere, Map.of(), "--version");
      assertThat(result.exit()).isZero();
      assertThat(result.out()).startsWith("whatif ");
      assertThat(result.err()).isEmpty();
    } finally {
      Files.write(cache, good);
    }
  }

  @Test
  @Requires(Requirement.ROOT)
  void inAFolderThatTheUserCannotWriteTheCacheGoesToTheUsersOwn() throws Exception {
    Installation foreign = Installation.unpacked();
    Path own = Files.createTempDirectory("cache");
    try {
      Programs.run("chown", "65534", own.toString());
      for (int start = 0; start < 2; start++) {
        Result result =
            Installation.await(
                Installation.start(
                    Path.of("/"),
                    Map.of("XDG_CACHE_HOME", own.toString(), "HOME", own.toString()),
                    List.of(
                        "setpriv",
                        "--reuid=65534",
                        "--regid=65534",
                        "--clear-groups",
                        foreign.launcher().toString(),
                        "--version")));
        assertThat(result.exit()).as(result.err()).isZero();
        assertThat(result.err()).isEmpty();
        assertThat(Installation.files(own))
            .hasSize(1)
            .allSatisfy((_, size) -> assertThat(size).isGreaterThan(1_000_000));
      }
      assertThat(foreign.home().resolve("cache")).doesNotExist();
    } finally {
      foreign.delete();
      Programs.run("rm", "-rf", own.toString());
    }
  }
}
