package dev.whatif.core.recording;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.testing.Programs;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import one.convert.Arguments;
import one.convert.JfrToFlame;
import one.convert.JfrToHeatmap;
import one.convert.JfrToPprof;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openjdk.jmc.common.IMCFrame;
import org.openjdk.jmc.common.IMCStackTrace;
import org.openjdk.jmc.common.IMCThread;
import org.openjdk.jmc.common.item.IItem;
import org.openjdk.jmc.common.item.IItemCollection;
import org.openjdk.jmc.common.item.IItemIterable;
import org.openjdk.jmc.common.item.IMemberAccessor;
import org.openjdk.jmc.flightrecorder.JfrAttributes;
import org.openjdk.jmc.flightrecorder.JfrLoaderToolkit;

/** The same recording in the tools of others. */
class CompatibilityTest {

  @TempDir static Path folder;

  private static Path written;
  private static Path golden;
  private static Path empty;

  @BeforeAll
  static void write() throws Exception {
    MissionControl.hush();
    written = folder.resolve("written.jfr");
    ExampleRecording.write(written);
    empty = folder.resolve("empty.jfr");
    Recorder.create(empty, RecorderOptions.DEFAULT).close();
    golden = folder.resolve("golden.jfr");
    try (var in = CompatibilityTest.class.getResourceAsStream("golden-1.jfr")) {
      Files.copy(in, golden, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private static String jfr(String... arguments) {
    String tool = Path.of(System.getProperty("java.home"), "bin", "jfr").toString();
    return Programs.run(
        Stream.concat(Stream.of(tool), Stream.of(arguments)).toArray(String[]::new));
  }

  @Test
  void theGoldenFilesAreSmall() throws Exception {
    assertThat(Files.size(golden)).isLessThan(50_000);
    assertThat(Files.size(written)).isLessThan(50_000);
    assertThat(Files.size(empty)).isLessThan(5_000);
  }

  @Test
  void jfrSummaryCountsEveryEvent() {
    for (Path file : List.of(written, golden)) {
      assertThat(jfr("summary", file.toString()))
          .contains("Chunks: 4", "Start: 2026-03-01 12:00:00 (UTC)")
          .containsPattern("jdk.ExecutionSample +60 ")
          .containsPattern("whatif.Environment +3 ")
          .containsPattern("whatif.Mapping +2 ")
          .containsPattern("whatif.Loss +1 ")
          .containsPattern("whatif.Cost +1 ");
    }
    assertThat(jfr("summary", empty.toString()))
        .contains("Chunks: 1")
        .containsPattern("jdk.ExecutionSample +0 ");
  }

  @Test
  void jfrPrintShowsFunctionsLinesThreadsAndUnits() {
    for (Path file : List.of(written, golden)) {
      assertThat(jfr("print", "--stack-depth", "20", file.toString()))
          .contains("redis-server.dictFind() line: 100")
          .contains("redis-server.lookupKey() line: 201")
          .contains("<kernel>.tcp_sendmsg() line: 0")
          .contains("libstdc++.so.6." + ExampleRecording.CPP)
          .contains("größe." + ExampleRecording.UNICODE + "() line: 801")
          .contains("redis-server." + ExampleRecording.LONG_NAME)
          .contains("sampledThread = \"io_thd_1\" (osThreadId = 4245)")
          .contains(
              "start = 0x555555550000", "size = 2.0 MB", "buildId = N/A", "cpuNanos = 1.50 ms");
    }
    assertThat(jfr("print", empty.toString())).contains("key = \"recording.format\"");
  }

  @Test
  void jfrViewRanksFunctions() {
    for (Path file : List.of(written, golden)) {
      assertThat(jfr("view", "--width", "200", "hot-methods", file.toString()))
          .containsPattern("redis-server.dictFind\\(\\) +30 +50.00%")
          .containsPattern("<kernel>.tcp_sendmsg\\(\\) +20 +33.33%");
    }
    assertThat(
            jfr(
                "view",
                "--width",
                "200",
                "--cell-height",
                "9",
                "whatif.Mapping",
                written.toString()))
        .contains("/usr/bin/redis-server");
  }

  @Test
  void jfrMetadataTellsWhatFieldsMean() {
    assertThat(
            jfr("metadata", "--events", "whatif.Mapping,jdk.ExecutionSample", written.toString()))
        .contains("@Category({\"whatif\", \"Process\"})", "@Label(\"Mapping\")", "@MemoryAddress")
        .contains("@DataAmount(\"BYTES\")", "@Timestamp(\"TICKS\")");
  }

  @Test
  void missionControlLoadsFramesThreadsAndProcesses() throws Exception {
    for (Path file : List.of(written, golden)) {
      Map<String, Long> leaves = new TreeMap<>();
      Map<String, Long> threads = new TreeMap<>();
      Map<String, Long> types = new TreeMap<>();
      IItemCollection items = JfrLoaderToolkit.loadEvents(file.toFile());
      for (IItemIterable iterable : items) {
        types.put(iterable.getType().getIdentifier(), iterable.getItemCount());
        if (iterable.getType().getIdentifier().equals("jdk.ExecutionSample")) {
          IMemberAccessor<IMCStackTrace, IItem> stack =
              JfrAttributes.EVENT_STACKTRACE.getAccessor(iterable.getType());
          IMemberAccessor<IMCThread, IItem> thread =
              JfrAttributes.EVENT_THREAD.getAccessor(iterable.getType());
          for (IItem item : iterable) {
            IMCFrame leaf = stack.getMember(item).getFrames().getFirst();
            leaves.merge(
                leaf.getMethod().getType().getFullName()
                    + "|"
                    + leaf.getMethod().getMethodName()
                    + "|"
                    + leaf.getFrameLineNumber()
                    + "|"
                    + leaf.getType(),
                1L,
                Long::sum);
            IMCThread t = thread.getMember(item);
            threads.merge(t.getThreadName() + " in " + t.getThreadGroup().getName(), 1L, Long::sum);
          }
        }
      }
      assertThat(types).containsEntry("jdk.ExecutionSample", 60L).containsEntry("whatif.Loss", 1L);
      assertThat(leaves)
          .containsOnly(
              Map.entry("redis-server|dictFind|100|NATIVE", 20L),
              Map.entry("redis-server|dictFind|100|INLINED", 10L),
              Map.entry("<kernel>|tcp_sendmsg|0|KERNEL", 20L),
              Map.entry("libstdc++.so.6|" + ExampleRecording.CPP + "|700|CPP", 10L));
      assertThat(threads)
          .containsOnly(
              Map.entry("redis-server in redis-server (4242)", 20L),
              Map.entry("redis-server in redis-server (5000)", 10L),
              Map.entry("io_thd_1 in redis-server (4242)", 30L));
    }
    assertThat(JfrLoaderToolkit.loadEvents(empty.toFile()).hasItems()).isTrue();
  }

  @Test
  void jfrconvCollapsesStacks() throws Exception {
    for (Path file : List.of(written, golden)) {
      Path out = folder.resolve("out.collapsed");
      for (String cpu : List.of("", "--cpu")) {
        JfrToFlame.convert(
            file.toString(),
            out.toString(),
            new Arguments(
                cpu.isEmpty()
                    ? new String[] {"-o", "collapsed"}
                    : new String[] {"-o", "collapsed", cpu}));
        assertThat(Files.readAllLines(out))
            .containsExactlyInAnyOrder(
                "main;redis-server.lookupKey_[i];dictFind 20",
                "main;lookupKey;redis-server.dictFind_[i] 10",
                "main;__libc_write;do_syscall_64_[k];tcp_sendmsg_[k] 20",
                ExampleRecording.LONG_NAME
                    + ";"
                    + ExampleRecording.UNICODE
                    + ";"
                    + ExampleRecording.CPP
                    + " 10");
      }
      JfrToFlame.convert(
          file.toString(),
          out.toString(),
          new Arguments("-o", "collapsed", "--threads", "--lines"));
      assertThat(Files.readAllLines(out))
          .contains(
              "[redis-server tid=5000];main:302;lookupKey:201;redis-server.dictFind:100_[i] 10")
          .contains(
              "[redis-server tid=4242];main:302;redis-server.lookupKey:201_[i];dictFind:100 20");
    }
  }

  @Test
  void jfrconvDrawsFlameGraphHeatMapAndPprof() throws Exception {
    Path html = folder.resolve("out.html");
    JfrToFlame.convert(written.toString(), html.toString(), new Arguments());
    assertThat(html).content().contains("dictFind", ExampleRecording.UNICODE, "tcp_sendmsg");
    Path pprof = folder.resolve("out.pprof");
    JfrToPprof.convert(written.toString(), pprof.toString(), new Arguments("-o", "pprof"));
    assertThat(Files.readString(pprof, StandardCharsets.ISO_8859_1))
        .contains("dictFind", "tcp_sendmsg");
    Path heat = folder.resolve("heat.html");
    JfrToHeatmap.convert(written.toString(), heat.toString(), new Arguments("-o", "heatmap"));
    assertThat(Files.size(heat)).isGreaterThan(100_000);
    JfrToFlame.convert(empty.toString(), html.toString(), new Arguments());
    assertThat(html).exists();
  }
}
