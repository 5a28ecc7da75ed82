package dev.whatif.core.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.core.recording.Recorder;
import dev.whatif.core.recording.RecorderOptions;
import dev.whatif.core.recording.Recording;
import dev.whatif.core.report.RecordingFacts;
import dev.whatif.core.report.ReportFilter;
import dev.whatif.core.report.SampleRecording;
import dev.whatif.core.report.Terminal;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ReportCommandTest {

  @TempDir static Path folder;
  static Path recording;

  @BeforeAll
  static void record() {
    recording = SampleRecording.write(folder.resolve("run.jfr"));
  }

  @ParameterizedTest
  @ValueSource(ints = {80, 140})
  void theTextIsTheGoldenOneAndFitsTheTerminal(int columns) throws IOException {
    StringWriter text = new StringWriter();
    Terminal terminal = new Terminal(columns, false);
    try (Recording opened = Recording.open(recording)) {
      ReportReading reading = ReportReading.of(opened, ReportFilter.ALL);
      RecordingFacts f = reading.facts();
      RecordingFacts facts =
          new RecordingFacts(
              "run.jfr", Duration.ofSeconds(20), f.environment(), f.losses(), f.cost(), f.damage());
      reading.sections().forEach(s -> s.text(facts, terminal, 20, new PrintWriter(text, true)));
    }
    String shown = text.toString();
    assertThat(shown.lines()).allMatch(l -> l.length() <= columns, "fits " + columns);
    assertThat(shown).isEqualTo(golden("report-" + columns + ".txt"));
  }

  @Test
  void theJsonHasEveryRowAsCountsOfSamples() {
    CommandRun run = CommandRun.of("report", recording, "--json");
    assertThat(run.exitCode()).isZero();
    JsonNode json = new JsonMapper().readTree(run.out());
    assertThat(json.get("schema").asString()).isEqualTo("whatif.report/1");
    assertThat(json.get("samples").asLong()).isEqualTo(SampleRecording.SAMPLES);
    assertThat(json.get("kernelSamples").asLong()).isEqualTo(100);
    assertThat(json.get("truncatedStacks").asLong()).isEqualTo(80);
    assertThat(json.get("lost").asLong()).isEqualTo(7);
    assertThat(json.get("environment").get("rate").asString()).isEqualTo("999 Hz");
    JsonNode hottest = json.get("functions").get(0);
    assertThat(hottest.propertyNames()).containsExactly("function", "object", "self", "total");
    assertThat(hottest.get("function").asString()).isEqualTo("siphash");
    assertThat(hottest.get("self").asLong()).isEqualTo(400);
    assertThat(total(json, "dictFind")).isEqualTo(500);
    assertThat(total(json, "quicksort")).as("a recursion counts once").isEqualTo(120);
    assertThat(total(json, "main")).isEqualTo(1000);
    JsonNode line = json.get("lines").get(0);
    assertThat(line.get("file").asString()).isEqualTo("/build/redis/src/siphash.c");
    assertThat(line.get("line").asInt()).isEqualTo(121);
    assertThat(line.get("self").asLong()).isEqualTo(400);
    JsonNode thread = json.get("threads").get(0);
    assertThat(thread.get("processId").asLong()).isEqualTo(4242);
    assertThat(thread.get("threadId").asLong()).isEqualTo(4242);
    assertThat(thread.get("samples").asLong()).isEqualTo(700);
    assertThat(json.get("costCpuNanos").get("total").asLong()).isEqualTo(250_000_000);
  }

  @Test
  void filtersChangeTheDenominator() {
    JsonNode io = json("--thread", "io_thd");
    assertThat(io.get("samples").asLong()).isEqualTo(250);
    assertThat(total(io, "main")).isEqualTo(250);
    assertThat(json("--process", "4300").get("samples").asLong()).isEqualTo(50);
    assertThat(json("--thread", "4250").get("samples").asLong()).isEqualTo(250);
    CommandRun nobody = CommandRun.of("report", recording, "--thread", "nobody");
    assertThat(nobody.exitCode()).isZero();
    assertThat(nobody.out()).contains("no sample of thread 'nobody'", "1,000");
  }

  @Test
  void theHtmlFetchesNothingAndNamesEveryFunction() throws IOException {
    Path html = folder.resolve("flame.html");
    CommandRun run = CommandRun.of("report", recording, "--html", html);
    assertThat(run.exitCode()).isZero();
    String page = Files.readString(html);
    assertThat(page).contains("siphash", "tcp_sendmsg").doesNotContain("redis-server.siphash");
    assertThat(page).doesNotContainPattern("<script[^>]+src|<link|@import|url\\(|<img|fetch\\(");
    assertThat(CommandRun.of("report", recording, "--html", html).err())
        .contains("flame.html exists already", "--force");
    assertThat(CommandRun.of("report", recording, "--html", html, "--force").exitCode()).isZero();
  }

  @Test
  void theHtmlOfOneThreadHoldsItsFunctionsOnly() throws IOException {
    Path html = folder.resolve("thread.html");
    CommandRun.of("report", recording, "--thread", "bgsave", "--html", html);
    assertThat(html).content().contains("50 samples").doesNotContain("iphash");
  }

  @Test
  void aRecordingOfTheJvmIsShownByMethodAndFile() throws Exception {
    Path file = folder.resolve("jvm.jfr");
    try (jdk.jfr.Recording jvm = new jdk.jfr.Recording()) {
      jvm.enable("jdk.ExecutionSample").withPeriod(Duration.ofMillis(1));
      jvm.start();
      long end = System.nanoTime() + 1_500_000_000L;
      while (System.nanoTime() < end) {
        burn();
      }
      jvm.dump(file);
    }
    JsonNode json = new JsonMapper().readTree(CommandRun.of("report", file, "--json").out());
    assertThat(json.get("samples").asLong()).isPositive();
    assertThat(total(json, "ReportCommandTest.burn")).isPositive();
    JsonNode line = json.get("lines").get(0);
    assertThat(line.get("file").asString()).endsWith(".java");
    assertThat(CommandRun.of("export", file, "--format", "collapsed").out())
        .contains("ReportCommandTest.burn");
  }

  private static void burn() {
    double sum = 0;
    for (int i = 0; i < 200_000; i++) {
      sum += Math.sqrt(i);
    }
    assertThat(sum).isPositive();
  }

  @Test
  void aTornLastChunkIsReportedAndTheRestIsShown() throws IOException {
    byte[] whole = Files.readAllBytes(recording);
    Path torn = folder.resolve("torn.jfr");
    Files.write(torn, java.util.Arrays.copyOf(whole, whole.length - 700));
    CommandRun run = CommandRun.of("report", torn, "--json");
    assertThat(run.exitCode()).as(run.err()).isZero();
    JsonNode json = new JsonMapper().readTree(run.out());
    assertThat(json.get("samples").asLong()).isEqualTo(850);
    assertThat(json.get("damage").asString()).isNotEmpty();
    assertThat(CommandRun.of("report", torn).out())
        .contains(json.get("damage").asString().substring(0, 20));
    CommandRun export = CommandRun.of("export", torn, "--format", "collapsed");
    assertThat(export.exitCode()).as(export.err()).isZero();
    assertThat(export.out()).contains("memcpy 150");
  }

  @Test
  void anEmptyRecordingSaysWhy() throws IOException {
    Path idle = folder.resolve("idle.jfr");
    try (Recorder recorder = Recorder.create(idle, RecorderOptions.DEFAULT)) {
      recorder.environment("target.cpu.nanos", "2000000");
    }
    CommandRun run = CommandRun.of("report", idle);
    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).contains("idle.jfr: no CPU sample", "used 0.002 s of CPU time");
    byte[] whole = Files.readAllBytes(idle);
    Path torn = Files.write(folder.resolve("idle-torn.jfr"), whole);
    Files.write(torn, new byte[] {1, 2, 3}, StandardOpenOption.APPEND);
    assertThat(CommandRun.of("report", torn).out()).contains("last 3 bytes are left out");
  }

  @Test
  void aDeviceIsWrittenToAndStays() {
    CommandRun full = CommandRun.of("report", recording, "--html", "/dev/full");
    assertThat(full.exitCode()).isEqualTo(3);
    assertThat(full.err()).contains("cannot write /dev/full: No space left");
    assertThat(Path.of("/dev/full")).exists();
    assertThat(CommandRun.of("report", recording, "--html", "/dev/null").exitCode()).isZero();
  }

  @Test
  void badInputsAreNamed() throws IOException {
    assertFails(5, folder.resolve("missing.jfr"), "missing.jfr");
    assertFails(5, Files.createDirectory(folder.resolve("dir")), "dir");
    assertFails(5, Files.createFile(folder.resolve("empty.jfr")), "empty.jfr");
    Path text = Files.writeString(folder.resolve("text.jfr"), "hello world, this is no recording");
    assertFails(5, text, "text.jfr");
    byte[] noise = Files.readAllBytes(recording);
    new java.util.Random(7).nextBytes(noise);
    noise[0] = 'F';
    noise[1] = 'L';
    noise[2] = 'R';
    noise[3] = 0;
    assertFails(5, Files.write(folder.resolve("noise.jfr"), noise), "noise.jfr");
    CommandRun top = CommandRun.of("report", recording, "--top", "0");
    assertThat(top.exitCode()).isEqualTo(2);
    assertThat(top.err()).contains("--top 0");
  }

  private static void assertFails(int exitCode, Path file, String named) {
    for (String[] command :
        new String[][] {
          {"report", file.toString()},
          {"export", file.toString(), "--format", "collapsed"},
          {"report", file.toString(), "--html", folder.resolve("never.html").toString()}
        }) {
      CommandRun run = CommandRun.of((Object[]) command);
      assertThat(run.exitCode()).as(String.join(" ", command) + run.err()).isEqualTo(exitCode);
      assertThat(run.err()).contains(named).doesNotContain("defect");
      assertThat(run.out()).isEmpty();
    }
    assertThat(folder.resolve("never.html")).doesNotExist();
  }

  private static JsonNode json(String... options) {
    Object[] all = new Object[options.length + 3];
    all[0] = "report";
    all[1] = recording;
    all[2] = "--json";
    System.arraycopy(options, 0, all, 3, options.length);
    return new JsonMapper().readTree(CommandRun.of(all).out());
  }

  private static long total(JsonNode json, String function) {
    for (JsonNode f : json.get("functions")) {
      if (f.get("function").asString().equals(function)) {
        return f.get("total").asLong();
      }
    }
    return -1;
  }

  private static String golden(String name) throws IOException {
    try (var in =
        Objects.requireNonNull(
            SampleRecording.class.getResourceAsStream(name), "golden file " + name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
