package dev.whatif.core.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.core.report.PprofDecoder;
import dev.whatif.core.report.SampleRecording;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExportCommandTest {

  @TempDir static Path folder;
  static Path recording;

  @BeforeAll
  static void record() {
    recording = SampleRecording.write(folder.resolve("run.jfr"));
  }

  @Test
  void collapsedStacksHoldEverySampleOnce() {
    CommandRun run = CommandRun.of("export", recording, "--format", "collapsed");
    assertThat(run.exitCode()).as(run.err()).isZero();
    Map<String, Long> stacks = new HashMap<>();
    run.out()
        .lines()
        .forEach(l -> {
          int blank = l.lastIndexOf(' ');
          stacks.merge(l.substring(0, blank), Long.parseLong(l.substring(blank + 1)), Long::sum);
        });
    assertThat(stacks.values().stream().mapToLong(Long::longValue).sum())
        .isEqualTo(SampleRecording.SAMPLES);
    Map<String, Long> expected =
        Map.of(
            "main;aeMain;call;dictFind;siphash",
            400L,
            "main;aeMain;call;dictFind",
            100L,
            "main;aeMain;call;quicksort;quicksort;quicksort",
            120L,
            "main;aeMain;call;" + SampleRecording.LONG_NAME,
            80L,
            "main;aeMain;call;memcpy",
            150L,
            "main;aeMain;call;tcp_sendmsg",
            100L,
            "main;memcpy",
            50L);
    assertThat(stacks).isEqualTo(expected);
  }

  @Test
  void pprofHoldsEverySampleWithLeafFirst() throws IOException {
    Path file = folder.resolve("run.pb");
    CommandRun run = CommandRun.of("export", recording, "--format", "pprof", "-o", file);
    assertThat(run.exitCode()).as(run.err()).isZero();
    PprofDecoder profile = PprofDecoder.of(unzipped(file));
    assertThat(profile.stacks().values().stream().mapToLong(Long::longValue).sum())
        .isEqualTo(SampleRecording.SAMPLES);
    assertThat(profile.files())
        .containsEntry("siphash", "/build/redis/src/siphash.c")
        .containsEntry("memcpy", "");
    assertThat(profile.stacks())
        .containsEntry("siphash:121;dictFind:512;call:3532;aeMain:496;main:6100", 400L)
        .containsEntry("memcpy:0;main:6100", 50L);
  }

  @Test
  void nothingIsOverwrittenUnasked() throws IOException {
    Path file = Files.writeString(folder.resolve("precious.txt"), "precious");
    CommandRun run = CommandRun.of("export", recording, "--format", "collapsed", "-o", file);
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("precious.txt exists already", "--force");
    assertThat(file).hasContent("precious");
    Object[] forced = {"export", recording, "--format", "collapsed", "-o", file, "--force"};
    assertThat(CommandRun.of(forced).exitCode()).isZero();
    assertThat(file).content().contains("siphash");
  }

  @Test
  void aFailedExportLeavesNoFile() {
    Path file = folder.resolve("none.txt");
    CommandRun run =
        CommandRun.of("export", folder.resolve("missing.jfr"), "--format", "collapsed", "-o", file);
    assertThat(run.exitCode()).isEqualTo(5);
    assertThat(file).doesNotExist();
    CommandRun folderMissing =
        CommandRun.of("export", recording, "--format", "pprof", "-o", folder.resolve("no/such/x"));
    assertThat(folderMissing.exitCode()).isEqualTo(2);
    assertThat(folderMissing.err()).contains("there is no folder");
    assertThat(CommandRun.of("export", recording, "--format", "svg").exitCode()).isEqualTo(2);
  }

  private static byte[] unzipped(Path file) throws IOException {
    try (var in = new java.util.zip.GZIPInputStream(Files.newInputStream(file))) {
      return in.readAllBytes();
    }
  }
}
