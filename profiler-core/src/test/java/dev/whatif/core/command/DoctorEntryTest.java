package dev.whatif.core.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.core.process.ProcTasks;
import dev.whatif.testing.Programs;
import dev.whatif.testing.Requirement;
import dev.whatif.testing.Requires;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What doctor says about entering real processes of every awkward kind. */
@Requires({Requirement.GCC, Requirement.ROOT})
class DoctorEntryTest {

  @Test
  void anOrdinaryProcessCanBeEntered() throws Exception {
    try (Confined target = new Confined()) {
      assertThat(target.exitCode()).isZero();
      assertThat(target.row("attaching").get("finding").asString()).isEqualTo("permitted");
      assertThat(target.facts("attaching").get("bits").asInt()).isEqualTo(64);
      assertThat(target.facts("system call filter").get("seccomp").asString()).isEqualTo("0");
      assertThat(target.facts("free signal").get("signal").asInt()).isEqualTo(63);
      assertThat(target.facts("free signal").get("free")).hasSize(31);
      assertThat(target.facts("vdso").get("vdso").asBoolean()).isTrue();
      assertThat(target.row("namespaces").get("finding").asString()).isEqualTo("as here");
      assertThat(target.finding("executable memory")).contains("vm.memfd_noexec is");
      assertThat(target.text()).contains("room to enter").doesNotContain("vm.memfd_noexec");
    }
  }

  @Test
  void strictSeccompIsRefused() throws Exception {
    try (Confined target = new Confined("strict")) {
      assertThat(target.text()).contains("strict seccomp: any call of ours would kill it");
      assertThat(target.exitCode()).isEqualTo(3);
    }
  }

  @Test
  void filtersAreCounted() throws Exception {
    try (Confined target = new Confined("filter", "filter", "filter")) {
      JsonNode facts = target.facts("system call filter");
      assertThat(facts.get("filters").asInt()).isEqualTo(3);
      assertThat(facts.get("noNewPrivs").asBoolean()).isTrue();
      assertThat(target.finding("system call filter")).contains("3 filters on all its threads");
    }
  }

  @Test
  void aFilterOfOneThreadNamesTheThread() throws Exception {
    try (Confined target = new Confined("filteredthread")) {
      int thread = ProcTasks.threads(target.pid()).getLast();
      assertThat(target.finding("system call filter"))
          .contains("1 filter on thread " + thread + " of 2");
    }
  }

  @Test
  void theFreeSignalIsOneThatNobodyUses() throws Exception {
    try (Confined target = new Confined("blocks")) {
      assertThat(target.facts("free signal").get("signal").asInt())
          .as("62 and 63 are blocked by all: somebody may wait for them")
          .isEqualTo(61);
    }
    try (Confined target = new Confined("ignores")) {
      assertThat(target.facts("free signal").get("signal").asInt()).isEqualTo(62);
    }
    try (Confined target = new Confined("handles")) {
      assertThat(target.row("free signal").get("state").asString()).isEqualTo("degraded");
      assertThat(target.facts("free signal").get("free")).isEmpty();
      assertThat(target.exitCode()).as("it can be entered all the same").isZero();
    }
    try (Confined target = new Confined("blockingthread")) {
      int thread = ProcTasks.threads(target.pid()).getLast();
      assertThat(target.facts("free signal").get("blockedBy").get(0).asInt()).isEqualTo(thread);
      assertThat(target.finding("free signal")).contains("blocked by 1 of 2 threads");
    }
  }

  @Test
  void noRoomLeftIsSaid() throws Exception {
    try (Confined target = new Confined("nofile")) {
      assertThat(target.finding("its open files")).startsWith("16 of 16: too few");
      assertThat(target.row("its open files").get("remedy").asString()).contains("prlimit --pid");
    }
    try (Confined target = new Confined("as")) {
      assertThat(target.finding("its address space")).contains("of 16 MiB: too little");
    }
  }

  @Test
  void aZombieIsExitCode4() throws Exception {
    try (Confined target = new Confined("zombie")) {
      CommandRun run = CommandRun.of("doctor", "--pid", ProcTasks.tree(target.pid()).getLast());
      assertThat(run.exitCode()).isEqualTo(4);
      assertThat(run.err()).contains("(zombie)", "its parent " + target.pid());
    }
  }

  @Test
  void aNarrowProgramIsRefused() throws Exception {
    Path program = Programs.compiled("narrow.c", "-m32", "-nostdlib", "-static", "-ffreestanding");
    Process narrow = new ProcessBuilder(program.toString()).start();
    try {
      CommandRun run = CommandRun.of("doctor", "--pid", narrow.pid());
      assertThat(run.out()).contains("a 32-bit program");
      assertThat(run.exitCode()).isEqualTo(3);
    } finally {
      narrow.destroyForcibly().waitFor();
    }
  }

  @Test
  @Requires(Requirement.NAMESPACES)
  void namespacesAreCompared() throws Exception {
    Path program = Programs.compiled("confined.c", "-pthread");
    try (Confined target =
        new Confined(
            List.of(
                "unshare",
                "--user",
                "--map-root-user",
                "--pid",
                "--mount-proc",
                "--fork",
                "--kill-child",
                program.toString()))) {
      JsonNode facts = target.facts("namespaces");
      assertThat(facts.get("pid").asBoolean()).isTrue();
      assertThat(facts.get("mnt").asBoolean()).isTrue();
      assertThat(facts.get("user").asBoolean()).isTrue();
      assertThat(facts.get("innermostPid").asString()).isEqualTo("1");
      assertThat(target.finding("namespaces"))
          .contains("there it is pid 1", "user 0 there is 0 here");
      assertThat(target.finding("executable memory")).contains("its own pid namespace");
    }
  }

  /** A process of confined.c, and what doctor says about it. */
  private static final class Confined implements AutoCloseable {

    private final Process process;
    private final int pid;

    Confined(String... ways) throws IOException {
      this(command(ways));
    }

    Confined(List<String> command) throws IOException {
      process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
      byte[] ready = process.getInputStream().readNBytes(6);
      assertThat(ready).as("says that it is ready").hasSize(6);
      // Strict mode begins after the word.
      pid =
          command.getFirst().equals("unshare")
              ? ProcTasks.tree((int) process.pid()).getLast()
              : (int) process.pid();
      if (command.getLast().equals("strict")) {
        waitForMode();
      }
    }

    private static List<String> command(String... ways) {
      List<String> command =
          new ArrayList<>(List.of(Programs.compiled("confined.c", "-pthread").toString()));
      command.addAll(List.of(ways));
      return command;
    }

    private void waitForMode() throws IOException {
      Path status = Path.of("/proc/" + pid + "/status");
      for (int i = 0; i < 10_000 && Files.readString(status).contains("Seccomp:\t0"); i++) {
        Thread.onSpinWait();
      }
    }

    int pid() {
      return pid;
    }

    int exitCode() {
      return CommandRun.of("doctor", "--pid", pid).exitCode();
    }

    String text() {
      return CommandRun.of("doctor", "--pid", pid).out();
    }

    JsonNode row(String name) {
      CommandRun run = CommandRun.of("doctor", "--pid", pid, "--json");
      for (JsonNode row : new JsonMapper().readTree(run.out()).get("process")) {
        if (row.get("name").asString().equals(name)) {
          return row;
        }
      }
      throw new AssertionError("no row " + name + " in " + run.out() + run.err());
    }

    JsonNode facts(String name) {
      return row(name).get("facts");
    }

    String finding(String name) {
      return row(name).get("finding").asString();
    }

    @Override
    public void close() {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly().onExit().join();
    }
  }
}
