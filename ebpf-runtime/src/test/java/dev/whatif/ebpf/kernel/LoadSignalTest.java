package dev.whatif.ebpf.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.testing.Programs;
import dev.whatif.testing.Requirement;
import dev.whatif.testing.Requires;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code whatif bpf load} as users end it. */
@Requires({Requirement.ROOT, Requirement.BPF})
class LoadSignalTest {

  private static final Pattern LINK = Pattern.compile("link (\\d+)");
  private static final Pattern PROGRAM = Pattern.compile("prog show id (\\d+)");
  private static final Pattern MAP = Pattern.compile("map dump id (\\d+)");

  @TempDir Path folder;

  private Process start(String object) throws Exception {
    String modules =
        System.getProperty("jdk.module.path") + File.pathSeparator + Path.of("target", "classes");
    return new ProcessBuilder(
            // a test in the background ignores SIGINT and would pass that on
            "env",
            "--default-signal=INT,TERM",
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "--illegal-native-access=deny",
            "--enable-native-access=dev.whatif.core",
            "--module-path",
            modules,
            "--module",
            "dev.whatif.core/dev.whatif.core.command.Main",
            "bpf",
            "load",
            object,
            "--dump-maps")
        .redirectOutput(folder.resolve("out").toFile())
        .redirectError(folder.resolve("err").toFile())
        .start();
  }

  @ParameterizedTest
  @ValueSource(strings = {"INT", "TERM"})
  void aSignalIsANormalEndThatDumpsTheMapsAndLeavesNothing(String signal) throws Exception {
    Process whatif = start(KernelObjects.file("commands").toString());
    try {
      for (int i = 0; i < 1000 && !read("err").contains("Ctrl-C"); i++) {
        Thread.sleep(20);
      }
      String said = read("out");
      int program = id(PROGRAM, said);
      int map = id(MAP, said);
      int link = id(LINK, said);
      assertThat(Programs.run("bpftool", "prog", "show", "id", "" + program)).contains("count");
      assertThat(Programs.run("bpftool", "map", "show", "id", "" + map)).contains("tasks");
      assertThat(Programs.run("bpftool", "link", "show", "id", "" + link)).contains("prog");

      Programs.run("kill", "-s", signal, "" + whatif.pid());
      assertThat(whatif.waitFor(20, TimeUnit.SECONDS)).isTrue();
      assertThat(whatif.exitValue()).as(read("err")).isZero();
      assertThat(read("err")).isEqualTo("Ctrl-C ends it\n");
      assertThat(read("out")).containsPattern("map tasks:\n  \\d+: \\{times = \\d+, comm = \"");
      assertThat(read("out")).as("no colours in a file").doesNotContain("\u001b");
      for (List<String> gone :
          List.of(
              List.of("prog", "" + program),
              List.of("map", "" + map),
              List.of("link", "" + link))) {
        assertGone(gone.get(0), gone.get(1));
      }
    } finally {
      whatif.destroyForcibly().waitFor();
    }
  }

  /** The kernel takes things away a moment after their last descriptor. */
  private static void assertGone(String kind, String id) throws Exception {
    List<String> command = List.of("bpftool", kind, "show", "id", id);
    int exit = 0;
    for (int i = 0; i < 100 && exit == 0; i++) {
      Thread.sleep(20);
      Process p = new ProcessBuilder(command).redirectErrorStream(true).start();
      p.getInputStream().readAllBytes();
      exit = p.waitFor();
    }
    assertThat(exit).as(String.join(" ", command)).isNotZero();
  }

  private static int id(Pattern pattern, String text) {
    List<MatchResult> found = pattern.matcher(text).results().toList();
    assertThat(found).as(text).isNotEmpty();
    return Integer.parseInt(found.getFirst().group(1));
  }

  private String read(String file) throws Exception {
    return Files.readString(folder.resolve(file));
  }
}
