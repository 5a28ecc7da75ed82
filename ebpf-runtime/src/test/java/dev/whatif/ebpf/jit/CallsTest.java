package dev.whatif.ebpf.jit;

import static dev.whatif.ebpf.isa.Register.R0;
import static dev.whatif.ebpf.isa.Register.R1;
import static dev.whatif.ebpf.isa.Register.R10;
import static dev.whatif.ebpf.isa.Register.R2;
import static dev.whatif.ebpf.isa.Register.R3;
import static dev.whatif.ebpf.isa.Register.R6;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.whatif.core.failure.UnavailableException;
import dev.whatif.core.x86.CpuFeature;
import dev.whatif.core.x86.Emitter;
import dev.whatif.core.x86.Memory;
import dev.whatif.core.x86.OperandSize;
import dev.whatif.core.x86.Register;
import dev.whatif.ebpf.isa.AluOperator;
import dev.whatif.ebpf.isa.AtomicOperator;
import dev.whatif.ebpf.isa.Code;
import dev.whatif.ebpf.isa.Condition;
import dev.whatif.ebpf.isa.Instruction;
import dev.whatif.ebpf.isa.MemorySize;
import dev.whatif.ebpf.isa.ReferenceKind;
import dev.whatif.ebpf.isa.Width;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Functions, helpers, and what leads from one program to another. */
class CallsTest {

  private static long run(Code code) {
    return Runs.run(code, new byte[16]);
  }

  /** n + (n - 1) + ... + 1, each in a frame of 512 bytes whose first and last bytes are used. */
  @Test
  void eachCallHasItsOwnFrame() {
    Code code =
        Code.build(b -> {
          var sum = b.label("sum");
          var end = b.label("end");
          b.move(R1, 7).callLocal(sum).exit();
          b.bind(sum).move(R6, R1).move(R0, 0).branch(Condition.EQUAL, R1, 0, end);
          b.store(MemorySize.DOUBLE, R10, -512, R6).store(MemorySize.DOUBLE, R10, -8, R6);
          b.alu(AluOperator.ADD, R1, -1).callLocal(sum);
          b.load(MemorySize.DOUBLE, R2, R10, -512).load(MemorySize.DOUBLE, R3, R10, -8);
          b.alu(AluOperator.ADD, R0, R2).alu(AluOperator.ADD, R0, R3);
          b.alu(AluOperator.ADD, R0, R6).bind(end).exit();
        });
    assertThat(run(code)).isEqualTo(3 * 28);
  }

  @Test
  void theEntryCallsItself() {
    Code code =
        Code.build(b -> {
          var entry = b.label("entry");
          var end = b.label("end");
          b.bind(entry).move(R0, 5).branch(Condition.EQUAL, R2, 0, end);
          b.move(R2, 0).callLocal(entry).alu(AluOperator.ADD, R0, 1).bind(end).exit();
        });
    assertThat(Runs.run(code, new byte[3])).isEqualTo(6);
  }

  @Test
  void functionsAreCalledByTheirAddresses() {
    Code code =
        Code.build(b -> {
          var twice = b.label("twice");
          b.add(new Instruction.LoadReference(R6, ReferenceKind.FUNCTION, 0, 0), twice);
          b.move(R1, 21).add(new Instruction.CallRegister(R6)).exit();
          b.bind(twice).move(R0, R1).alu(AluOperator.ADD, R0, R1).exit();
        });
    assertThat(run(code)).isEqualTo(42);
  }

  @Test
  void helpersSeeTheInvocation() {
    Code code = Code.build(b -> b.callHelper(1000).exit());
    byte[] helper =
        new Emitter(0)
            .load(
                OperandSize.BITS64,
                Register.RAX,
                Memory.at(Registers.INVOCATION, InvocationLayout.COOKIE_OFFSET))
            .ret()
            .bytes();
    try (RunnableCode routine = RunnableCode.of(helper);
        RunnableCode program =
            RunnableCode.of(
                new JitCompiler(code, CpuFeature.ofThisMachine()).compile(),
                t -> routine.address());
        Arena arena = Arena.ofConfined()) {
      MemorySegment invocation = arena.allocate(InvocationLayout.BYTES, 8);
      invocation.set(ValueLayout.JAVA_LONG, InvocationLayout.COOKIE_OFFSET, 0x1234_5678_9abcL);
      assertThat(program.run(MemorySegment.NULL, 0, invocation)).isEqualTo(0x1234_5678_9abcL);
    }
  }

  /** Each program of the chain pushes what it must keep; the caller gets the last one's result. */
  @Test
  void tailCallsReplaceTheCallerAndEndAfterThirtyThree() {
    Code code =
        Code.build(b -> {
          b.load(MemorySize.DOUBLE, R6, R1, 0).alu(AluOperator.ADD, R6, 1);
          b.store(MemorySize.DOUBLE, R1, 0, R6).store(MemorySize.DOUBLE, R10, -8, R6);
          b.move(R2, 0).move(R3, 0).callHelper(CallCode.TAIL_CALL);
          b.load(MemorySize.DOUBLE, R0, R10, -8).exit();
        });
    CompiledCode compiled = new JitCompiler(code, CpuFeature.ofThisMachine()).compile();
    assertThat(compiled.literals())
        .extracting(Literal::target)
        .containsExactly(new Literal.TailCall());
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment self = arena.allocate(8, 8);
      byte[] lookup =
          new Emitter(0)
              .move(Register.RAX, self.address())
              .load(Register.RAX, Register.RAX, 0)
              .ret()
              .bytes();
      try (RunnableCode routine = RunnableCode.of(lookup);
          RunnableCode program = RunnableCode.of(compiled, t -> routine.address())) {
        MemorySegment context = arena.allocate(8, 8);
        MemorySegment invocation = arena.allocate(InvocationLayout.BYTES, 8);
        assertThat(program.run(context, 0, invocation)).isEqualTo(1); // nothing at that index
        self.set(ValueLayout.JAVA_LONG, 0, program.address());
        context.set(ValueLayout.JAVA_LONG, 0, 0);
        assertThat(program.run(context, 0, invocation))
            .isEqualTo(InvocationLayout.MOST_TAIL_CALLS + 1);
        assertThat(invocation.get(ValueLayout.JAVA_INT, InvocationLayout.TAIL_CALLS_OFFSET))
            .isEqualTo(InvocationLayout.MOST_TAIL_CALLS);
      }
    }
  }

  @Test
  void literalsAreEachThereOnce() {
    Code code =
        Code.build(b -> {
          b.add(new Instruction.LoadReference(R1, ReferenceKind.MAP_INDEX, 3, 0));
          b.add(new Instruction.LoadReference(R2, ReferenceKind.MAP_INDEX_VALUE, 2, 16));
          b.add(new Instruction.LoadReference(R3, ReferenceKind.MAP_INDEX, 3, 0));
          b.move(R0, R1).alu(AluOperator.SUBTRACT, R0, R3).alu(AluOperator.ADD, R0, R2).exit();
        });
    Map<Literal.Target, Long> asked = new HashMap<>();
    long r0 =
        Runs.run(
            code,
            new byte[0],
            CpuFeature.ofThisMachine(),
            t -> {
              assertThat(asked.put(t, 77L)).isNull();
              return t instanceof Literal.MapValue ? 0x7777_0000_1111L : 5;
            });
    assertThat(r0).isEqualTo(0x7777_0000_1111L);
    assertThat(asked.keySet())
        .containsExactlyInAnyOrder(new Literal.MapAddress(3), new Literal.MapValue(2, 16));
  }

  /** Two threads on one number: nothing is lost, with each operation that fetches. */
  @Test
  void atomicsOfTwoThreadsLoseNothing() throws Exception {
    int turns = 200_000;
    for (AtomicOperator operator : List.of(AtomicOperator.ADD, AtomicOperator.FETCH_ADD)) {
      Code code =
          Code.build(b -> {
            var again = b.label("again");
            b.move(R3, turns).bind(again).move(R2, 1);
            b.add(new Instruction.Atomic(Width.W64, operator, R1, (short) 0, R2));
            b.alu(AluOperator.ADD, R3, -1).branch(Condition.NOT_EQUAL, R3, 0, again);
            b.move(R0, 0).exit();
          });
      assertThat(together(code)).isEqualTo(2L * turns);
    }
    // x = x xor 1: r6 sums up what was there, which is 0 and 1 in turns for both together
    Code flips =
        Code.build(b -> {
          var again = b.label("again");
          b.move(R3, turns).move(R0, 0).bind(again).move(R2, 1);
          b.add(new Instruction.Atomic(Width.W32, AtomicOperator.FETCH_XOR, R1, (short) 0, R2));
          b.alu(AluOperator.ADD, R0, R2);
          b.alu(AluOperator.ADD, R3, -1).branch(Condition.NOT_EQUAL, R3, 0, again);
          b.add(new Instruction.Atomic(Width.W64, AtomicOperator.ADD, R1, (short) 8, R0));
          b.exit();
        });
    assertThat(together(flips)).isEqualTo(0);
    assertThat(sum).isEqualTo(turns);
  }

  /** What a second number has become. */
  private long sum;

  private long together(Code code) throws InterruptedException {
    try (RunnableCode program =
            RunnableCode.of(new JitCompiler(code, CpuFeature.ofThisMachine()).compile(), t -> 0);
        Arena arena = Arena.ofShared()) {
      MemorySegment number = arena.allocate(16, 8);
      Thread other = Thread.ofPlatform().start(() -> program.run(number, 0, number));
      program.run(number, 0, number);
      other.join();
      sum = number.get(ValueLayout.JAVA_LONG, 8);
      return number.get(ValueLayout.JAVA_LONG, 0);
    }
  }

  @Test
  void whatOnlyTheKernelHasIsRefused() {
    Code code = Code.of(List.of(new Instruction.CallKernel(7, (short) 0), new Instruction.Exit()));
    assertThatThrownBy(() -> run(code))
        .isInstanceOf(UnavailableException.class)
        .hasMessageContaining("slot 0")
        .hasMessageContaining("kernel function");
  }
}
