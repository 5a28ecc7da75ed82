package dev.whatif.ebpf.fuzz;

import static dev.whatif.ebpf.isa.Register.R0;
import static dev.whatif.ebpf.isa.Register.R1;
import static dev.whatif.ebpf.isa.Register.R10;
import static dev.whatif.ebpf.isa.Register.R2;
import static dev.whatif.ebpf.isa.Register.R3;
import static dev.whatif.ebpf.isa.Register.R4;
import static dev.whatif.ebpf.isa.Register.R6;
import static dev.whatif.ebpf.isa.Register.R9;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.whatif.ebpf.bpfhelper.HelperFunction;
import dev.whatif.ebpf.isa.AluOperator;
import dev.whatif.ebpf.isa.AtomicOperator;
import dev.whatif.ebpf.isa.Code;
import dev.whatif.ebpf.isa.CodeBuilder;
import dev.whatif.ebpf.isa.Condition;
import dev.whatif.ebpf.isa.Instruction;
import dev.whatif.ebpf.isa.Label;
import dev.whatif.ebpf.isa.MemorySize;
import dev.whatif.ebpf.isa.ReferenceKind;
import dev.whatif.ebpf.isa.Width;
import dev.whatif.ebpf.kernel.KernelMap;
import dev.whatif.ebpf.kernel.KernelProgram;
import dev.whatif.ebpf.kernel.MapSpec;
import dev.whatif.ebpf.kernel.MapType;
import dev.whatif.ebpf.kernel.ProgramSpec;
import dev.whatif.ebpf.kernel.TestInput;
import dev.whatif.ebpf.object.ProgramType;
import dev.whatif.ebpf.verifier.Program;
import dev.whatif.ebpf.verifier.RuleSet;
import dev.whatif.ebpf.verifier.VerifiedProgram;
import dev.whatif.ebpf.verifier.Verifier;
import dev.whatif.testing.Requirement;
import dev.whatif.testing.Requires;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/**
 * Mistakes of Linux 6.18's verifier that random programs have shown, each in the smallest program
 * that shows it. Where a kernel no longer makes one, its test ends without a verdict.
 */
@Requires({Requirement.ROOT, Requirement.BPF})
class KernelMistakesTest {

  /** BPF_F_TEST_STATE_FREQ: states are kept, and compared, wherever they can be. */
  private static final int KEEP_STATES = 1 << 3;

  private static final byte[] PACKET = new byte[ProgramGenerator.PACKET_BYTES];

  /**
   * What an atomic operation fetches from the stack depends on the stack; backtrack_insn takes it
   * for a store, so nobody marks the slot as one that matters. The way where it holds 0 is then
   * taken for the one where it holds 1, and the branch for 0 is removed.
   */
  @Test
  void branchOnWhatWasFetchedFromTheStackIsCutOff() {
    int kernel =
        compare(
            b -> {
              Label join = b.label("join");
              Label zero = b.label("zero");
              b.load(MemorySize.DOUBLE, R6, R9, 0).store(MemorySize.DOUBLE, R10, -8, 0);
              b.branch(Condition.EQUAL, R6, 0, join)
                  .store(MemorySize.DOUBLE, R10, -8, 1)
                  .bind(join);
              b.move(R1, 0);
              b.add(
                  new Instruction.Atomic(Width.W64, AtomicOperator.FETCH_OR, R10, (short) -8, R1));
              b.branch(Condition.EQUAL, R1, 0, zero).move(R0, 1).exit();
              b.bind(zero).move(R0, 2).exit();
            },
            2);
    assumeThat(kernel).as("a kernel without the mistake").isNotEqualTo(2);
    assertThat(kernel).isEqualTo(1);
  }

  /**
   * A 32-bit compare-and-exchange clears the upper half of r0. On x86-64 the instruction does not
   * when it succeeds; the verifier adds a move where the upper half is read, but forgets it on a
   * way that it does not follow to the end because it has seen the like.
   */
  @Test
  void upperHalfOfR0SurvivesCompareExchange() {
    int kernel =
        compare(
            b -> {
              Label other = b.label("other");
              Label join = b.label("join");
              b.load(MemorySize.DOUBLE, R6, R9, 0).store(MemorySize.WORD, R9, 128, 5);
              b.load64(R0, 0x1_0000_0005L).move(R2, 7);
              Instruction exchange =
                  new Instruction.Atomic(
                      Width.W32, AtomicOperator.COMPARE_EXCHANGE, R9, (short) 128, R2);
              b.branch(Condition.EQUAL, R6, 0, other).add(exchange).jump(join);
              b.bind(other).add(exchange).bind(join);
              b.alu(AluOperator.SHIFT_RIGHT, R0, 32).exit();
            },
            0);
    assumeThat(kernel).as("a kernel without the mistake").isNotEqualTo(0);
    assertThat(kernel).isEqualTo(1);
  }

  /**
   * A callback that is never called is removed, and its address is then nowhere to be found; if
   * there are other functions.
   */
  @Test
  void loopWithoutTurnsIsRefused() {
    Code code =
        Code.build(b -> {
          Label callback = b.label("callback");
          Label other = b.label("other");
          b.callLocal(other).move(R1, 0);
          b.add(new Instruction.LoadReference(R2, ReferenceKind.FUNCTION, 0, 0), callback);
          b.move(R3, 0).move(R4, 0).callHelper(HelperFunction.LOOP.id()).exit();
          b.bind(other).move(R0, 3).exit();
          b.bind(callback).move(R0, 0).exit();
        });
    Program program = new Program("loop", ProgramType.XDP, 0, code, FuzzMaps.ALL, List.of());
    VerifiedProgram verified = Verifier.verify(program, RuleSet.KERNEL);
    try (ProcessRuns process = new ProcessRuns();
        KernelSide kernel = new KernelSide(FuzzMaps.ALL);
        KernelSide.Verdict verdict = kernel.verdict(program)) {
      assertThat(process.interpret(verified, PACKET).returned()).isZero();
      assumeThat(verdict.accepted()).as("a kernel without the mistake").isFalse();
      assertThat(KnownDifference.of(verdict.reason())).contains(KnownDifference.CALLBACK_CUT_OFF);
    }
  }

  /** What the kernel returns; the engines of this process return what the standard says. */
  private static int compare(Consumer<CodeBuilder> body, int expected) {
    Code here =
        Code.build(b -> {
          b.add(
              new Instruction.LoadReference(R9, ReferenceKind.MAP_INDEX_VALUE, FuzzMaps.VALUE, 0));
          body.accept(b);
        });
    VerifiedProgram verified =
        Verifier.verify(
            new Program("mistake", ProgramType.XDP, 0, here, FuzzMaps.ALL, List.of()),
            RuleSet.KERNEL);
    try (ProcessRuns process = new ProcessRuns()) {
      assertThat(process.interpret(verified, PACKET).returned()).isEqualTo(expected);
      assertThat(process.compiled(verified, PACKET).returned()).isEqualTo(expected);
    }
    MapSpec spec =
        new MapSpec("value", MapType.ARRAY, Integer.BYTES, ProgramGenerator.VALUE_BYTES, 1);
    try (KernelMap map = KernelMap.create(spec)) {
      Code there =
          Code.build(b -> {
            b.loadMapValue(R9, map.fd(), 0);
            body.accept(b);
          });
      ProgramSpec program =
          new ProgramSpec("mistake", ProgramType.XDP, there.bytes()).flags(KEEP_STATES);
      try (KernelProgram loaded = KernelProgram.load(program)) {
        return loaded.testRun(new TestInput().data(PACKET, 0)).returned();
      }
    }
  }
}
