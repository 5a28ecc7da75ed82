package dev.whatif.core.sample;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.core.dwarf.DebugFiles;
import dev.whatif.core.linux.SpawnHeader;
import dev.whatif.core.linux.Time;
import dev.whatif.core.process.Spawn;
import dev.whatif.core.process.Target;
import dev.whatif.core.recording.Frame;
import dev.whatif.core.recording.Recorder;
import dev.whatif.core.recording.RecorderOptions;
import dev.whatif.core.recording.Recording;
import dev.whatif.core.recording.Sample;
import dev.whatif.core.symbol.Symbolizer;
import dev.whatif.testing.Cgroups;
import dev.whatif.testing.Programs;
import dev.whatif.testing.Requirement;
import dev.whatif.testing.Requires;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Targets that change while they are watched: who belongs to them, and under which names. */
@Requires({Requirement.GCC, Requirement.PERF_EVENTS})
class TargetsTest {

  private static final CpuProfileOptions OPTIONS =
      CpuProfileOptions.of(CpuProfileOptions.DEFAULT_RATE_HZ, StackMode.UNWIND);

  @TempDir Path folder;

  private static Spawn start(String... command) {
    return Spawn.running(List.of(command), SpawnHeader.Files.INHERITED);
  }

  private static String proportions() {
    return Programs.compiled("proportions.c", "-O1").toString();
  }

  private static String threads() {
    return Programs.compiled("threads.c", "-O1", "-pthread").toString();
  }

  /** What runs while a target is watched. */
  private interface Meanwhile {
    void happens(CpuProfiler profiler) throws Exception;
  }

  private List<Sample> watch(Target target, Meanwhile meanwhile) throws Exception {
    Path file = folder.resolve("a.jfr");
    try (Recorder recorder = Recorder.create(file, RecorderOptions.DEFAULT);
        Symbolizer symbolizer = new Symbolizer(DebugFiles.standard());
        CpuProfiler profiler = CpuProfiler.start(target, OPTIONS, recorder, symbolizer)) {
      meanwhile.happens(profiler);
      profiler.stop();
    }
    try (Recording recording = Recording.open(file)) {
      return recording.samples().toList();
    }
  }

  /** Waits until a process has used so much more CPU time, however busy the machine is. */
  private static void awaitCpu(Spawn process, long millis) throws InterruptedException {
    int clock = Time.processCpuClock(process.pid());
    long end = Time.clockNanos(clock) + millis * 1_000_000;
    while (Time.clockNanos(clock) < end) {
      Thread.sleep(10);
    }
  }

  private static long with(String function, List<Sample> samples) {
    return samples.stream()
        .filter(s -> s.frames().stream().anyMatch(f -> f.function().equals(function)))
        .count();
  }

  @Test
  void aTreeIsItsChildrenThatWereThereAndThoseBornLater() throws Exception {
    Spawn root =
        start(
            "sh", "-c", "\"$0\" 60000 & sleep 0.8; \"$1\" steady & wait", proportions(), threads());
    try {
      Thread.sleep(200);
      List<Sample> samples = watch(Target.tree(root.pid()), profiler -> Thread.sleep(1500));
      assertThat(with("spin", samples)).as("child that was there").isGreaterThan(50);
      assertThat(with("compute", samples)).as("child born later").isGreaterThan(50);
      assertThat(samples.stream().map(s -> s.thread().processName()).collect(Collectors.toSet()))
          .contains("proportions", "threads");
    } finally {
      root.stop(Duration.ZERO);
    }
  }

  @Test
  @Timeout(60)
  @Requires(Requirement.CGROUPS)
  void aControlGroupIsItsProcessesAndThoseThatJoin() throws Exception {
    Path group = Cgroups.root().orElseThrow().resolve("whatif-test-" + Cgroups.pid());
    Spawn member = start(proportions(), "60000");
    Spawn joining = start(threads(), "steady");
    Files.createDirectory(group);
    try {
      Files.writeString(group.resolve("cgroup.procs"), Integer.toString(member.pid()));
      List<Sample> samples =
          watch(
              Target.cgroup(group),
              profiler -> {
                awaitCpu(member, 100);
                Files.writeString(group.resolve("cgroup.procs"), Integer.toString(joining.pid()));
                while (profiler.progress().threads() < 4) {
                  Thread.sleep(20); // whoever joins is found within a quarter of a second
                }
                awaitCpu(joining, 300);
              });
      assertThat(with("spin", samples)).as("member").isGreaterThan(50);
      assertThat(with("compute", samples)).as("joined later").isGreaterThan(50);
    } finally {
      member.stop(Duration.ZERO);
      joining.stop(Duration.ZERO);
      Files.delete(group);
    }
  }

  @Test
  void librariesLoadedWhileItRunsAreNamed() throws Exception {
    Path plugin = Programs.compiled("plugin.c", "-O1", "-shared", "-fPIC");
    List<String> command = new ArrayList<>();
    command.add(Programs.compiled("plugins.c", "-O1", "-ldl").toString());
    for (int i = 0; i < 20; i++) {
      command.add(Files.copy(plugin, folder.resolve("plugin" + i + ".so")).toString());
    }
    ProfiledProgram p =
        ProfiledProgram.run(folder.resolve("p.jfr"), OPTIONS, command.toArray(String[]::new));
    assertThat(p.with("in_plugin")).isGreaterThan(p.samples().size() * 9L / 10).isGreaterThan(300);
    Set<String> objects =
        p.samples().stream()
            .flatMap(s -> s.frames().stream())
            .filter(f -> f.function().equals("in_plugin"))
            .map(f -> f.object())
            .collect(Collectors.toSet());
    assertThat(objects).hasSize(20);
    assertThat(
            p.samples().stream().filter(s -> ProfiledProgram.stack(s).contains("in_plugin main")))
        .hasSizeGreaterThan(p.samples().size() * 9 / 10);
  }

  @Test
  void afterAnExecNamesAreTheNewPrograms() throws Exception {
    ProfiledProgram p =
        ProfiledProgram.run(
            folder.resolve("p.jfr"),
            OPTIONS,
            "sh",
            "-c",
            "i=0; while [ $i -lt 60000 ]; do i=$((i+1)); done; exec \"$0\" 600",
            proportions());
    List<Sample> later =
        p.samples().stream().filter(s -> s.frames().stream().anyMatch(TargetsTest::spins)).toList();
    assertThat(later).hasSizeGreaterThan(100);
    assertThat(later)
        .allMatch(s -> s.thread().processName().equals("proportions"))
        .allMatch(s -> s.thread().processId() == p.pid())
        .allMatch(s -> s.frames().stream().noneMatch(f -> f.object().equals("dash")));
    assertThat(p.samples().stream().map(s -> s.thread().processName())).contains("sh");
  }

  private static boolean spins(Frame frame) {
    return frame.function().equals("spin");
  }

  @Test
  void oneThatEndsAtOnceIsNoFailure() throws Exception {
    ProfiledProgram p = ProfiledProgram.run(folder.resolve("p.jfr"), OPTIONS, "true");
    assertThat(p.summary().samples()).isLessThan(50).isEqualTo(p.samples().size());
    assertThat(p.summary().targetCpuNanos()).isPositive();
  }

  @Test
  void aStormOfForksIsCountedAndNamed() throws Exception {
    ProfiledProgram p =
        ProfiledProgram.run(
            folder.resolve("p.jfr"),
            OPTIONS,
            "sh",
            "-c",
            "i=0; while [ $i -lt 300 ]; do /bin/true; i=$((i+1)); done");
    CpuProfileSummary s = p.summary();
    assertThat(s.lost()).isZero();
    assertThat(s.samples() + s.missed() + s.unseenKernel())
        .isBetween((long) (s.expected() * 0.9), (long) (s.expected() * 1.1) + 1);
    assertThat(p.samples().stream().filter(x -> x.thread().processName().isEmpty()).count())
        .as("without a name")
        .isLessThanOrEqualTo(p.samples().size() / 20);
    assertThat(p.samples().stream().filter(x -> ProfiledProgram.leaf(x).startsWith("0x")).count())
        .as("without a function")
        .isLessThanOrEqualTo(p.samples().size() / 20);
  }
}
