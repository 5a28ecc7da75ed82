package dev.whatif.core.sample;

import static dev.whatif.core.sample.ProfiledProgram.stack;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.whatif.core.recording.Loss;
import dev.whatif.core.recording.Recording;
import dev.whatif.core.recording.Sample;
import dev.whatif.testing.Programs;
import dev.whatif.testing.Requirement;
import dev.whatif.testing.Requires;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Requires({Requirement.GCC, Requirement.PERF_EVENTS})
class CpuProfilerTest {

  @TempDir Path folder;

  private static CpuProfileOptions options(int rateHz, StackMode stacks) {
    return CpuProfileOptions.of(rateHz, stacks);
  }

  @Test
  void aProgramOfKnownProportionsIsMeasuredWithinTwoPoints() throws Exception {
    String program = Programs.compiled("proportions.c", "-O1").toString();
    ProfiledProgram p =
        ProfiledProgram.run(
            folder.resolve("p.jfr"), options(4999, StackMode.UNWIND), program, "1500");
    List<String> functions = List.of("seventy", "twenty", "ten");
    assertThat(p.share("seventy", functions)).isCloseTo(0.70, within(0.02));
    assertThat(p.share("twenty", functions)).isCloseTo(0.20, within(0.02));
    assertThat(p.share("ten", functions)).isCloseTo(0.10, within(0.02));
    assertThat(p.summary().samples()).isEqualTo(p.samples().size());
  }

  @Test
  void aStackIsWhatTheProgramKnowsItToBe() throws Exception {
    String program =
        Programs.compiled("ownstack.c", "-O2", "-fno-optimize-sibling-calls").toString();
    ProfiledProgram p =
        ProfiledProgram.run(folder.resolve("p.jfr"), options(999, StackMode.UNWIND), program, "40");
    String expected = "work inner " + "middle ".repeat(40) + "outer main __libc_start_call_main";
    List<Sample> working =
        p.samples().stream().filter(s -> ProfiledProgram.leaf(s).equals("work")).toList();
    assertThat(working).hasSizeGreaterThan(200);
    assertThat(working).allMatch(s -> stack(s).startsWith(expected) && !s.truncated());
    assertThat(p.summary().truncated()).isLessThanOrEqualTo(p.summary().samples() / 100);
  }

  /** glibc's makecontext pushes a return address that no call has left. */
  @Test
  void aStackMadeByHandEndsWhereItWasMade() throws Exception {
    String program = Programs.compiled("contexts.c", "-O1").toString();
    ProfiledProgram p =
        ProfiledProgram.run(
            folder.resolve("p.jfr"), options(999, StackMode.UNWIND), program, "300");
    List<Sample> working =
        p.samples().stream().filter(s -> ProfiledProgram.leaf(s).equals("work")).toList();
    assertThat(working).hasSizeGreaterThan(100);
    assertThat(working)
        .allMatch(s ->
            s.frames().size() == 3
                && stack(s).startsWith("work turn ")
                && s.frames().getLast().line() >= 0
                && s.frames().getLast().object().startsWith("libc.")
                && !s.truncated());
  }

  @Test
  void framePointersGiveTheSameWhereTheCompilerKeepsThem() throws Exception {
    String program =
        Programs.compiled(
                "ownstack.c", "-O1", "-fno-optimize-sibling-calls", "-fno-omit-frame-pointer")
            .toString();
    ProfiledProgram p =
        ProfiledProgram.run(folder.resolve("p.jfr"), options(999, StackMode.FP), program, "20");
    List<Sample> working =
        p.samples().stream().filter(s -> ProfiledProgram.leaf(s).equals("work")).toList();
    assertThat(working).hasSizeGreaterThan(200);
    // a leaf function sets up no frame: its caller is the one that frame pointers cannot know
    assertThat(working)
        .allMatch(s -> stack(s).contains("middle ".repeat(20) + "outer main"), "whole");
  }

  @Test
  void aStackDeeperThanItsCopyIsMarkedAsCut() throws Exception {
    String program =
        Programs.compiled("ownstack.c", "-O2", "-fno-optimize-sibling-calls").toString();
    CpuProfileOptions small = options(999, StackMode.UNWIND).withStackBytes(512);
    ProfiledProgram p = ProfiledProgram.run(folder.resolve("p.jfr"), small, program, "400");
    assertThat(p.samples().stream().filter(Sample::truncated).count())
        .isGreaterThan(p.samples().size() * 9L / 10);
  }

  @Test
  void threadsChildrenAndTheNextProgramAreSampled() throws Exception {
    String program = Programs.compiled("family.c", "-O1", "-pthread").toString();
    ProfiledProgram p =
        ProfiledProgram.run(folder.resolve("p.jfr"), options(1999, StackMode.UNWIND), program);
    assertThat(p.with("in_thread")).isBetween(700L, 1000L); // 3 x 150 ms
    assertThat(p.with("in_child")).isBetween(220L, 340L);
    assertThat(p.with("after_exec")).isBetween(220L, 340L);
    assertThat(
            p.samples().stream()
                .filter(s -> stack(s).contains("in_thread"))
                .map(s -> s.thread().name())
                .collect(Collectors.toSet()))
        .containsExactlyInAnyOrder("worker-0", "worker-1", "worker-2");
    assertThat(
            p.samples().stream()
                .filter(s -> stack(s).contains("in_child"))
                .map(s -> s.thread().processId())
                .collect(Collectors.toSet()))
        .hasSize(1)
        .doesNotContain(p.pid());
    assertThat(
            p.samples().stream()
                .filter(s -> stack(s).contains("after_exec"))
                .map(s -> s.thread().processId())
                .collect(Collectors.toSet()))
        .containsExactly(p.pid());
  }

  @Test
  void aRunSaysWhereItWasAndWhatItLostAndCost() throws Exception {
    String program = Programs.compiled("proportions.c", "-O1").toString();
    ProfiledProgram p =
        ProfiledProgram.run(
            folder.resolve("p.jfr"), options(999, StackMode.UNWIND), program, "300");
    try (Recording r = Recording.open(p.file())) {
      assertThat(r.environment())
          .containsEntry("mechanism", "perf task-clock")
          .containsEntry("rate", "999 Hz")
          .containsEntry("stacks", "unwind")
          .containsEntry("target.command", program + " 300")
          .containsKeys("kernel", "cpus", "load.start", "load.end", "start", "end");
      assertThat(r.mappings())
          .anyMatch(m -> m.path().equals(program) && m.processId() == p.pid())
          .allMatch(m -> m.buildId() != null);
      assertThat(r.costs().stream().map(c -> c.part())).contains("drain", "write", "total");
      assertThat(r.losses().stream().mapToLong(Loss::count).sum())
          .isEqualTo(p.summary().lost() + p.summary().missed() + p.summary().unseenKernel());
    }
  }
}
