package dev.whatif.samples.install;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.samples.install.Installation.Result;
import dev.whatif.samples.install.Installation.Running;
import dev.whatif.testing.Programs;
import dev.whatif.testing.Requirement;
import dev.whatif.testing.Requires;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A newcomer types one command and sees where a real Redis spends its time, in source lines. */
@Requires(Requirement.PERF_EVENTS)
class DemoIT {

  /** Which of these are hottest differs by machine; a profile with none of them is not Redis's. */
  private static final List<String> REDIS =
      List.of("dictFind", "processCommand", "dictSdsKeyCompare", "lookupKey", "zslInsert", "call");

  private static Installation whatif;

  private Path folder;
  private Path temporary;

  @BeforeAll
  static void unpack() {
    whatif = Installation.unpacked();
  }

  @AfterAll
  static void delete() {
    whatif.delete();
  }

  @BeforeEach
  void makeFolders() throws IOException {
    folder = Files.createTempDirectory("demo");
    temporary = Files.createTempDirectory("demo-temporary");
  }

  @AfterEach
  void nothingIsLeftBehind() throws IOException {
    try {
      assertThat(processesIn(temporary)).isEmpty();
      assertThat(Installation.files(temporary)).isEmpty();
      assertThat(temporary).isEmptyDirectory();
    } finally {
      Programs.run("rm", "-rf", folder.toString(), temporary.toString());
    }
  }

  @Test
  void showsWhereRedisSpendsItsTimeInLines() throws Exception {
    Result result = whatif.run(folder, environment(), "demo", "-d", "3s");
    assertThat(result.exit()).as(result.err()).isZero();
    assertThat(REDIS).anySatisfy(f -> assertThat(result.out()).contains(f));
    assertThat(result.out()).containsPattern("src/\\w+\\.[ch]:\\d+");
    assertThat(result.out()).contains("redis-server");

    Path recording = onlyFile();
    assertThat(recording.getFileName().toString()).matches("whatif-demo-redis-\\d+-[\\d-]+\\.jfr");
    assertThat(result.out())
        .contains("whatif report " + recording.getFileName())
        .contains("jfr view hot-methods " + recording.getFileName());
    assertThat(result.err().strip()).endsWith(recording.getFileName().toString());
    assertThat(result.err()).doesNotContain("SLF4J", "WARNING", "\033");
    assertThat(result.err()).contains("no causal ranking: that takes 10 seconds or more");

    String jfr = Path.of(System.getProperty("java.home"), "bin", "jfr").toString();
    String summary = Programs.run(jfr, "summary", recording.toString());
    var samples = Pattern.compile("jdk\\.ExecutionSample\\s+(\\d+)").matcher(summary);
    assertThat(samples.find()).isTrue();
    assertThat(Integer.parseInt(samples.group(1))).isGreaterThan(100);
    assertThat(Programs.run(jfr, "view", "hot-methods", recording.toString()))
        .contains("redis-server");
  }

  @Test
  void jsonIsTheOnlyThingOnStdout() throws Exception {
    Result result =
        whatif.run(
            folder, environment(), "demo", "redis", "-d", "2s", "-o", "r.jfr", "--json", "--quiet");
    assertThat(result.exit()).as(result.err()).isZero();
    assertThat(result.err()).isEmpty();
    JsonNode report = new JsonMapper().readTree(result.out());
    assertThat(report.path("schema").asString()).isNotEmpty();
    assertThat(report.path("samples").asInt()).isGreaterThan(100);
    assertThat(report.path("lost").isNumber()).isTrue();
    List<String> functions = new ArrayList<>();
    report.path("functions").forEach(f -> functions.add(f.path("function").asString()));
    assertThat(functions).containsAnyElementsOf(REDIS);
    List<String> files = new ArrayList<>();
    report.path("lines").forEach(l -> files.add(l.path("file").asString()));
    assertThat(files).anyMatch(f -> f.endsWith("/src/dict.c"));
    assertThat(onlyFile()).hasFileName("r.jfr");
  }

  @Test
  @Requires(Requirement.BPF)
  void ranksWhatWouldMakeTheSystemFaster() throws Exception {
    Result result =
        whatif.run(folder, environment(), "demo", "-d", "14s", "-o", "r.jfr", "--json", "--quiet");
    assertThat(result.exit()).as(result.err()).isZero();
    JsonNode report = new JsonMapper().readTree(result.out());
    assertThat(report.path("samples").asInt()).isGreaterThan(100);
    JsonNode causal = report.path("causal");
    assertThat(causal.path("quality").path("experiments").asInt()).isPositive();
    assertThat(causal.path("progress").path(0).path("point").asString()).isEqualTo("writeToClient");
    assertThat(causal.path("target").asString()).contains("redis");
    assertThat(onlyFile()).hasFileName("r.jfr");
  }

  @Test
  @Requires(Requirement.BPF)
  void ranksWhatWouldMakeADatabaseFaster() throws Exception {
    Result result = whatif.run(folder, environment(), "demo", "sqlite", "-d", "14s", "-o", "r.jfr");
    assertThat(result.exit()).as(result.err()).isZero();
    int profile = result.out().indexOf("hottest functions");
    assertThat(profile).isNotNegative();
    assertThat(result.out().indexOf("throughput of ")).isGreaterThan(profile);
    assertThat(result.out()).contains("how far to trust it");
    assertThat(onlyFile()).hasFileName("r.jfr");
  }

  @Test
  void controlCEndsItEarlyWithWhatWasMeasured() throws Exception {
    Running demo = start("demo", "-d", "10m", "-o", "r.jfr");
    awaitRecording(demo);
    demo.signalGroup("INT");
    Result result = Installation.await(demo);
    assertThat(result.exit()).as(result.err()).isZero();
    assertThat(REDIS).anySatisfy(f -> assertThat(result.out()).contains(f));
    assertThat(onlyFile()).hasFileName("r.jfr");
  }

  @Test
  void anImpatientSecondControlCChangesNothing() throws Exception {
    Running demo = start("demo", "-d", "10m", "-o", "r.jfr");
    awaitRecording(demo);
    demo.signalGroup("INT");
    demo.signalGroup("INT");
    assertThat(Installation.await(demo).exit()).isZero();
    assertThat(onlyFile()).hasFileName("r.jfr");
  }

  @Test
  void aTerminationDuringTheWarmUpLeavesNothing() throws Exception {
    Running demo = start("demo", "-d", "10m", "-o", "r.jfr");
    while (demo.process().isAlive() && processesIn(temporary).isEmpty()) {
      Thread.sleep(5);
    }
    demo.signalGroup("TERM");
    Installation.await(demo); // what it could still measure is its own affair
  }

  @Test
  void neverOverwrites() throws Exception {
    Path precious = Files.writeString(folder.resolve("r.jfr"), "precious");
    Result result = whatif.run(folder, environment(), "demo", "-d", "2s", "-o", "r.jfr");
    assertThat(result.exit()).isEqualTo(2);
    assertThat(result.err()).contains("r.jfr").contains("exists");
    assertThat(precious).hasContent("precious");
  }

  private Map<String, String> environment() {
    return Map.of("WHATIF_JAVA_OPTS", "-Djava.io.tmpdir=" + temporary);
  }

  private Running start(String... arguments) {
    List<String> command = new ArrayList<>(List.of(whatif.launcher().toString()));
    command.addAll(List.of(arguments));
    return Installation.start(folder, environment(), command);
  }

  /** Until the recorder has written its first chunk, which it does about every two seconds. */
  private void awaitRecording(Running demo) throws Exception {
    Path recording = folder.resolve("r.jfr");
    while (demo.process().isAlive()
        && !(Files.exists(recording) && Files.size(recording) > 10_000)) {
      Thread.sleep(20);
    }
    assertThat(demo.process().isAlive()).as(demo.errors()).isTrue();
  }

  private Path onlyFile() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> all = files.toList();
      assertThat(all).hasSize(1);
      return all.getFirst();
    }
  }

  /** The command lines of processes that name a folder. */
  private static List<String> processesIn(Path folder) throws IOException {
    List<String> found = new ArrayList<>();
    try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
      for (Path process : processes.filter(p -> p.toString().matches("/proc/\\d+")).toList()) {
        try {
          String command = Files.readString(process.resolve("cmdline")).replace('\0', ' ');
          if (command.contains(folder + "/")) {
            found.add(command);
          }
        } catch (IOException e) {
          // It has ended meanwhile.
        }
      }
    }
    return found;
  }
}
