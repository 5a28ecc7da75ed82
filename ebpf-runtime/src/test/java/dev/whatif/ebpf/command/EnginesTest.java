package dev.whatif.ebpf.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.testing.Requirement;
import dev.whatif.testing.Requires;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The commands that verify, compile and run without the kernel, on objects of the repository. */
class EnginesTest {

  private static final Path BENCH = Path.of("src", "bench", "bpf");
  private static final Path SUITE = Path.of("src", "test", "resources", "conformance");

  @TempDir Path folder;

  private static JsonNode json(CommandRun run) {
    return new JsonMapper().readTree(run.out());
  }

  private Path packet() throws IOException {
    byte[] bytes = new byte[1024];
    new Random(3).nextBytes(bytes);
    return Files.write(folder.resolve("packet"), bytes);
  }

  private CommandRun run(String object, String program, String engine) throws IOException {
    return CommandRun.of(
        "bpf",
        "run",
        BENCH.resolve(object),
        "--program",
        program,
        "--engine",
        engine,
        "--mem",
        "@" + packet(),
        "--json");
  }

  @ParameterizedTest
  @CsvSource({
    "bits.bpf.o, bitcount",
    "numbers.bpf.o, fibonacci",
    "memory.bpf.o, binary_search",
    "hashes.bpf.o, crc32",
    "control.bpf.o, packet_parse"
  })
  @Requires({Requirement.ROOT, Requirement.BPF})
  void everyEngineReturnsWhatTheKernelDoes(String object, String program) throws IOException {
    CommandRun kernel = run(object, program, "kernel");
    assertThat(kernel.exitCode()).as(kernel.err()).isZero();
    for (String engine : new String[] {"interpreter", "jit"}) {
      CommandRun ours = run(object, program, engine);
      assertThat(ours.exitCode()).as(ours.err()).isZero();
      assertThat(json(ours).get("engine").asString()).isEqualTo(engine);
      assertThat(json(ours).get("r0")).isEqualTo(json(kernel).get("r0"));
      assertThat(json(ours).get("dataHex")).isEqualTo(json(kernel).get("dataHex"));
    }
  }

  @Test
  void whatIsNotCompiledHasNoMachineCode() throws IOException {
    CommandRun run = run("bits.bpf.o", "bitcount", "aot");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("has no machine code").contains("whatif bpf compile");
  }

  @Test
  void anAcceptedObjectIsSaidToBe() {
    CommandRun run = CommandRun.of("bpf", "verify", BENCH.resolve("bits.bpf.o"));
    assertThat(run.exitCode()).as(run.out()).isZero();
    assertThat(run.out()).contains("accepted  bitcount (xdp)").contains("0 refused");
    JsonNode json = json(CommandRun.of("bpf", "verify", BENCH.resolve("bits.bpf.o"), "--json"));
    assertThat(json.get("schema").asString()).isEqualTo("whatif.bpf.verify/1");
    assertThat(json.get("programs").get(0).get("accepted").asBoolean()).isTrue();
  }

  @Test
  void aProgramOfTheKernelsIsRefusedByName() {
    Path object = Path.of("..", "samples", "src", "main", "bpf", "runqlat.bpf.o");
    CommandRun run = CommandRun.of("bpf", "verify", object);
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out())
        .contains("refused   woken (tp_btf/sched_wakeup)")
        .contains("type TRACING are not for user space")
        .contains("0 accepted, 3 refused");
  }

  @Test
  void whatIsNoObjectCannotBeVerified() throws IOException {
    Path file = Files.writeString(folder.resolve("text"), "no object");
    assertThat(CommandRun.of("bpf", "verify", file).exitCode()).isEqualTo(5);
  }

  @ParameterizedTest
  @ValueSource(strings = {"interpreter", "jit"})
  void theSampleOfTheSuitePasses(String engine) {
    CommandRun run = CommandRun.of("bpf", "conformance", SUITE, "--engine", engine);
    assertThat(run.exitCode()).as(run.out()).isZero();
    assertThat(run.out().lines().toList().getLast()).matches("2[0-9]{2} passed, 0 failed");
  }

  @Test
  void aCaseThatFailsIsNamedWithItsReason() throws IOException {
    Files.writeString(folder.resolve("bad.data"), "-- asm\nmov %r0, 1\nexit\n-- result\n0x2\n");
    CommandRun run = CommandRun.of("bpf", "conformance", folder, "--engine", "interpreter");
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out().lines())
        .containsExactly("bad.data (interpreter): r0 is 0x1, not 0x2", "0 passed, 1 failed");
  }

  @Test
  void aFolderWithoutCasesIsAMistake() {
    assertThat(CommandRun.of("bpf", "conformance", folder).exitCode()).isEqualTo(2);
  }
}
