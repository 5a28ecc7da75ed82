package dev.whatif.ebpf.verifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.whatif.ebpf.btf.LineInfo;
import dev.whatif.ebpf.isa.Assembler;
import dev.whatif.ebpf.isa.Code;
import dev.whatif.ebpf.isa.Dialect;
import dev.whatif.ebpf.kernel.MapType;
import dev.whatif.ebpf.object.ProgramType;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What comes out of a verification. */
class VerifierTest {

  @Test
  void aRefusalSaysWhereWhyAndWhatToDo() {
    Code code = code("r2 = 5 ll\nr6 = r2\nr0 = *(u64 *)(r6 + 8)\nexit");
    List<LineInfo> lines =
        List.of(
            new LineInfo(0, "a.c", "long p = 5;", 3, 1, 0, 0),
            new LineInfo(24, "a.c", "  return p->next;", 4, 1, 0, 0));
    Program program = new Program("walk", ProgramType.KPROBE, 0, code, List.of(), lines);
    ProgramRefusal refusal =
        catchThrowableOfType(ProgramRefusal.class, () -> Verifier.verify(program, RuleSet.KERNEL));
    assertThat(refusal.index()).isEqualTo(2);
    assertThat(refusal.slot()).isEqualTo(3);
    assertThat(refusal.instruction()).isEqualTo("r0 = *(u64 *)(r6 + 0x8)");
    assertThat(refusal.reason()).isEqualTo("r6 is used as an address, but it is 5");
    assertThat(refusal.remedy()).contains("bpf_probe_read_user");
    assertThat(refusal.registers())
        .containsExactly("r1 = pointer to the context", "r2 = 5", "r6 = 5");
    assertThat(refusal.source().orElseThrow().line()).isEqualTo(4);
    assertThat(refusal)
        .hasMessage(
            """
            program 'walk' is refused: r6 is used as an address, but it is 5
              at instruction 2 (slot 3): r0 = *(u64 *)(r6 + 0x8)
              source: a.c:4: return p->next;
                r1 = pointer to the context
                r2 = 5
                r6 = 5\
            """);
    assertThat(refusal.asBadData().remedy()).isEqualTo(refusal.remedy());
  }

  @Test
  void loadsFromTheContextOfXdpReadWhatIsInMemory() {
    Code code =
        code(
            """
            r2 = *(u32 *)(r1 + 0)
            r3 = *(u32 *)(r1 + 4)
            r4 = *(u32 *)(r1 + 8)
            r5 = *(u32 *)(r1 + 12)
            r0 = *(u32 *)(r1 + 16)
            exit
            """);
    Program program = new Program("xdp", ProgramType.XDP, 0, code, List.of(), List.of());
    assertThat(Verifier.verify(program, RuleSet.KERNEL).code())
        .hasToString(
            code("""
            r2 = *(u64 *)(r1 + 0)
            r3 = *(u64 *)(r1 + 8)
            r4 = *(u64 *)(r1 + 16)
            r5 = *(u32 *)(r1 + 24)
            r0 = *(u32 *)(r1 + 28)
            exit
            """)
                .toString());
  }

  @Test
  void allOtherCodeIsRunAsItIs() {
    Code code = code("r0 = *(u8 *)(r1 + 3)\nexit");
    Program program = Program.onMemory("memory", code, 4);
    assertThat(Verifier.verify(program, RuleSet.KERNEL).code().bytes()).isEqualTo(code.bytes());
    assertThat(Verifier.verify(program, RuleSet.RFC9669).code().bytes()).isEqualTo(code.bytes());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "r0 = *(u8 *)(r1 + 4)\nexit",
        "r0 = *(u8 *)(r1 - 1)\nexit",
        "r1 += r2\nr0 = *(u8 *)(r1 + 0)\nexit",
        "*(u64 *)(r10 - 520) = 1\nr0 = 0\nexit",
        "*(u64 *)(r10 - 4) = 1\nr0 = 0\nexit",
        "r1 *= 2\nr0 = *(u8 *)(r1 + 0)\nexit",
        "r0 = *(u8 *)(r3 + 0)\nexit",
        "goto -1",
        "r0 = 0",
        "r10 = 0\nexit",
        "callx r3\nexit",
        "call 6\nexit"
      })
  void theStandardsRulesKeepMemoryAndTime(String text) {
    Program program = Program.onMemory("memory", code(text), 4);
    assertThatThrownBy(() -> Verifier.verify(program, RuleSet.RFC9669))
        .isInstanceOf(ProgramRefusal.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "exit",
        "r0 = r7\nexit",
        "r1 += r2\nr0 = *(u8 *)(r1 - 1)\nexit",
        "r0 = 1\nr0 <<= 77\nexit",
        "r0 = 1\nr0 /= 0\nexit",
        "w1 += 3\nr0 = r1\nexit",
        "r1 *= 2\nr0 = r1\nexit",
        "*(u64 *)(r10 - 12) = 1\nr0 = *(u16 *)(r10 - 7)\nexit",
        "r3 = 5\ncallx r3\nexit",
        "ld_pseudo r3, 4, 3\ncallx r3\nexit\nr0 = 1\nexit",
        "call 3\nexit",
        "r2 = 4\ncall 1\nexit",
        "exit\nr0 = 1"
      })
  void theStandardsRulesAllowWhatHasAMeaning(String text) {
    Program program = Program.onMemory("memory", code(text), 4);
    assertThat(Verifier.verify(program, RuleSet.RFC9669).rules()).isEqualTo(RuleSet.RFC9669);
  }

  @Test
  void whatIsNotThereInUserSpaceIsNamed() {
    assertRefused("call 28\nexit", ProgramType.KPROBE, "bpf_csum_diff is not for programs");
    assertRefused("call 58\nexit", ProgramType.KPROBE, "calls helper 58");
    assertRefused("call kfunc 5\nexit", ProgramType.KPROBE, "calls kernel function 5");
    assertRefused("r0 = 0\nexit", ProgramType.LSM, "programs of type LSM");
    Program queue =
        new Program(
            "queue",
            ProgramType.KPROBE,
            0,
            code("ld_pseudo r1, 5, 0\nr0 = 0\nexit"),
            List.of(TestMaps.map("waiting", MapType.QUEUE, 0, 8, 4)),
            List.of());
    assertThatThrownBy(() -> Verifier.verify(queue, RuleSet.KERNEL))
        .hasMessageContaining("map 'waiting' is of type QUEUE");
  }

  private static void assertRefused(String text, ProgramType type, String reason) {
    Program program = new Program("test", type, 0, code(text), List.of(), List.of());
    assertThatThrownBy(() -> Verifier.verify(program, RuleSet.KERNEL))
        .isInstanceOf(ProgramRefusal.class)
        .hasMessageContaining(reason);
  }

  private static Code code(String text) {
    return Assembler.assemble("test", text, Dialect.LLVM);
  }
}
