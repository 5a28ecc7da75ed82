package dev.whatif.ebpf.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.whatif.core.failure.BadDataException;
import dev.whatif.ebpf.isa.Code;
import dev.whatif.ebpf.isa.MemorySize;
import dev.whatif.ebpf.isa.Register;
import dev.whatif.ebpf.object.ProgramType;
import dev.whatif.testing.Programs;
import dev.whatif.testing.Requirement;
import dev.whatif.testing.Requires;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Requires({Requirement.ROOT, Requirement.BPF})
class KernelProgramTest {

  private static final byte[] RETURN_0 = Code.build(b -> b.move(Register.R0, 0).exit()).bytes();

  private static final byte[] FRAME = new byte[64];

  @ParameterizedTest
  @EnumSource(
      names = {
        "SOCKET_FILTER",
        "KPROBE",
        "SCHED_CLS",
        "TRACEPOINT",
        "XDP",
        "PERF_EVENT",
        "RAW_TRACEPOINT"
      })
  void theSimplestProgramIsAccepted(ProgramType type) {
    try (KernelProgram program =
        KernelProgram.load(new ProgramSpec("whatif_simple", type, RETURN_0))) {
      assertThat(program.info().type()).isEqualTo(type);
      assertThat(program.xlated()).hasSizeGreaterThanOrEqualTo(RETURN_0.length);
      assertThat(Programs.run("bpftool", "prog", "show", "id", "" + program.id()))
          .contains("name whatif_simple", "tag " + program.info().tag());
    }
  }

  @Test
  void aTestRunGivesWhatTheProgramReturns() {
    byte[] code = Code.build(b -> b.move(Register.R0, 2).exit()).bytes();
    try (KernelProgram program =
        KernelProgram.load(new ProgramSpec("two", ProgramType.XDP, code))) {
      TestRun run = program.testRun(new TestInput().data(FRAME, 0).repeat(1000));
      assertThat(run.returned()).isEqualTo(2);
      assertThat(run.data()).isEqualTo(FRAME);
    }
  }

  @Test
  void aProgramWritesIntoAMap() {
    try (KernelMap map = KernelMap.create(new MapSpec("values", MapType.ARRAY, 4, 8, 1))) {
      byte[] code =
          Code.build(b ->
                  b.loadMapValue(Register.R1, map.fd(), 0)
                      .store(MemorySize.DOUBLE, Register.R1, 0, 77)
                      .move(Register.R0, 0)
                      .exit())
              .bytes();
      try (KernelProgram program =
          KernelProgram.load(new ProgramSpec("writes", ProgramType.XDP, code))) {
        program.testRun(new TestInput().data(FRAME, 0));
        assertThat(map.lookup(new byte[4]).orElseThrow()[0]).isEqualTo((byte) 77);
        assertThat(program.info().mapIds()).containsExactly(map.id());
      }
    }
  }

  @Test
  void aRefusalNamesInstructionAndReason() {
    byte[] code =
        Code.build(b ->
                b.move(Register.R1, 0).load(MemorySize.WORD, Register.R0, Register.R1, 0).exit())
            .bytes();
    assertThatThrownBy(() ->
            KernelProgram.load(new ProgramSpec("bad", ProgramType.SOCKET_FILTER, code)).close())
        .isInstanceOf(BadDataException.class)
        .hasMessageContaining("program 'bad' (socket_filter): R1 invalid mem access 'scalar'")
        .hasMessageContaining("at instruction 1: r0 = *(u32 *)(r1 +0)");
  }
}
