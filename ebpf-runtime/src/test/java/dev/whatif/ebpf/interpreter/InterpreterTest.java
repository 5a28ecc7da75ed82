package dev.whatif.ebpf.interpreter;

import static dev.whatif.ebpf.isa.Register.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.whatif.ebpf.isa.AluOperator;
import dev.whatif.ebpf.isa.Assembler;
import dev.whatif.ebpf.isa.Code;
import dev.whatif.ebpf.isa.Dialect;
import dev.whatif.ebpf.isa.Instruction;
import dev.whatif.ebpf.isa.MemorySize;
import dev.whatif.ebpf.isa.ReferenceKind;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InterpreterTest {

  /** Helper 1 calls its first argument back with 20 and 22; 2 gives memory away; others add. */
  private static class Helpers implements Environment {

    final List<Long> called = new ArrayList<>();
    Optional<MemoryRange> range = Optional.empty();

    @Override
    public long mapAddress(int map) {
      return 0x1000 + map;
    }

    @Override
    public long firstValue(int map) {
      return 0x2000 + map;
    }

    @Override
    public Optional<MemoryRange> rangeAt(long address) {
      return range.filter(r -> address >= r.start() && address < r.end());
    }

    @Override
    public long call(int helper, Execution execution) {
      called.add((long) helper);
      if (helper == 1) {
        return execution.call(execution.argument(1), 20, 22);
      }
      if (helper == 2) {
        range = Optional.empty();
        execution.givenBack();
        return 0;
      }
      return execution.argument(1) + execution.argument(2);
    }
  }

  private final Helpers helpers = new Helpers();

  private long run(String text) {
    return run(text, 0, 0);
  }

  private long run(String text, long r1, long r2, MemoryRange... ranges) {
    Code code = Assembler.assemble("test", text, Dialect.LLVM);
    try (Execution execution = Interpreter.ofUnverified(code, helpers).execution()) {
      return execution.run(r1, r2, List.of(ranges));
    }
  }

  @Test
  void argumentsComeInR1AndR2AndTheResultInR0() {
    assertThat(run("r0 = r1\n r0 -= r2\n exit", 50, 8)).isEqualTo(42);
  }

  @Test
  void aRunBeginsWithoutWhatTheLastOneLeft() {
    Code code = Assembler.assemble("test", "r0 = r6\n r6 = 7\n exit", Dialect.LLVM);
    try (Execution execution = Interpreter.ofUnverified(code, helpers).execution()) {
      assertThat(execution.run(0, 0, List.of())).isZero();
      assertThat(execution.run(0, 0, List.of())).isZero();
    }
  }

  @Test
  void functionsKeepWhatTheirCallersHaveInR6ToR9AndTheirStack() {
    Code code =
        Code.build(b -> {
          var f = b.label("f");
          b.move(R6, 6).move(R7, 7).move(R8, 8).move(R9, 9);
          b.store(MemorySize.DOUBLE, R10, -8, 100);
          b.callLocal(f);
          b.alu(AluOperator.ADD, R0, R6);
          b.alu(AluOperator.ADD, R0, R7);
          b.alu(AluOperator.ADD, R0, R8);
          b.alu(AluOperator.ADD, R0, R9);
          b.load(MemorySize.DOUBLE, R1, R10, -8);
          b.alu(AluOperator.ADD, R0, R1);
          b.exit();
          b.bind(f);
          b.store(MemorySize.DOUBLE, R10, -8, 5);
          b.move(R6, 0).move(R7, 0).move(R8, 0).move(R9, 0).move(R0, 1000).exit();
        });
    try (Execution execution = Interpreter.ofUnverified(code, helpers).execution()) {
      assertThat(execution.run(0, 0, List.of())).isEqualTo(1130);
    }
  }

  @Test
  void aHelperCallsAFunctionOfTheProgramBack() {
    Code code =
        Code.build(b -> {
          var f = b.label("f");
          b.move(R6, 1)
              .add(new Instruction.LoadReference(R1, ReferenceKind.FUNCTION, 0, 0), f)
              .callHelper(1);
          b.alu(AluOperator.ADD, R0, R6).exit();
          b.bind(f).move(R6, 100).move(R0, R1);
          b.alu(AluOperator.ADD, R0, R2).exit();
        });
    try (Execution execution = Interpreter.ofUnverified(code, helpers).execution()) {
      assertThat(execution.run(0, 0, List.of())).isEqualTo(43);
    }
    assertThat(helpers.called).containsExactly(1L);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "r0 = *(u8 *)(r10 + 0); slot 0: reads 1 bytes at 0x",
        "r0 = *(u64 *)(r10 - 513); slot 0: reads 8 bytes at 0x",
        "*(u64 *)(r10 - 4) = 1; slot 0: writes 8 bytes at 0x",
        "r0 = *(u64 *)(r1 + 8); slot 0: reads 8 bytes at 0x",
        "r0 = *(u32 *)(r1 + 13); slot 0: reads 4 bytes at 0x",
        "r0 = *(u8 *)(r1 - 1); slot 0: reads 1 bytes at 0x",
        "r1 = 0 \\n r0 = *(u8 *)(r1 + 0); slot 1: reads 1 bytes at 0x0",
        "r1 = -1 \\n r0 = *(u64 *)(r1 + 0); slot 1: reads 8 bytes at 0xffffffffffffffff",
        "lock *(u64 *)(r1 + 1) += r2; slot 0: changes 8 bytes at 0x",
        "r0 += 1; slot 1: runs off the end",
        "r1 = 0x5bf0000000000009 ll \\n callx r1; is no function of the program"
      })
  void whatIsNotItsOwnEndsTheRunWithSlotAndAddress(String text, String message) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(12, 16);
      String program = text.replace("\\n", "\n") + (text.contains("+= 1") ? "\nr0 = 1" : "\nexit");
      assertThatThrownBy(() -> run(program, memory.address(), 12, MemoryRange.of(memory)))
          .isInstanceOf(MemoryFault.class)
          .hasMessageContaining(message);
    }
  }

  @Test
  void readOnlyMemoryIsReadOnlyAlsoAfterItWasRead() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(8, 8);
      MemoryRange range = MemoryRange.of(memory.asReadOnly());
      assertThat(run("r0 = *(u64 *)(r1 + 0)\n exit", memory.address(), 8, range)).isZero();
      assertThatThrownBy(() ->
              run("r0 = *(u64 *)(r1 + 0)\n *(u8 *)(r1 + 0) = 1\n exit", memory.address(), 8, range))
          .isInstanceOf(MemoryFault.class)
          .hasMessageContaining("slot 1: writes 1 bytes")
          .hasMessageContaining("read-only");
    }
  }

  @Test
  void memoryThatWasGivenBackIsNoLongerItsOwn() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(8, 8);
      helpers.range = Optional.of(MemoryRange.of(memory));
      String use = "*(u64 *)(r6 + 0) = 42\n r0 = *(u64 *)(r6 + 0)\n";
      assertThat(run("r6 = r1\n" + use + "exit", memory.address(), 0)).isEqualTo(42);
      assertThatThrownBy(
              () -> run("r6 = r1\n" + use + "call 2\n" + use + "exit", memory.address(), 0))
          .isInstanceOf(MemoryFault.class)
          .hasMessageContaining("slot 4: writes 8 bytes");
    }
  }

  @Test
  void aCalleeUsesItsCallersStackButNoStackBelowItsOwn() {
    Code own =
        Code.build(b -> {
          var f = b.label("f");
          b.store(MemorySize.DOUBLE, R10, -16, 9);
          b.move(R1, R10).callLocal(f).exit();
          b.bind(f).load(MemorySize.DOUBLE, R0, R1, -16).exit();
        });
    Code below =
        Code.build(b -> {
          var f = b.label("f");
          b.callLocal(f);
          b.load(MemorySize.DOUBLE, R0, R10, -520).exit();
          b.bind(f).store(MemorySize.DOUBLE, R10, -8, 9).exit();
        });
    try (Execution execution = Interpreter.ofUnverified(own, helpers).execution();
        Execution bad = Interpreter.ofUnverified(below, helpers).execution()) {
      assertThat(execution.run(0, 0, List.of())).isEqualTo(9);
      assertThatThrownBy(() -> bad.run(0, 0, List.of())).isInstanceOf(MemoryFault.class);
    }
  }

  @Test
  void endlessRecursionEndsAtTheNinthFunction() {
    Code code =
        Code.build(b -> {
          var f = b.label("f");
          b.bind(f).callLocal(f).exit();
        });
    try (Execution execution = Interpreter.ofUnverified(code, helpers).execution()) {
      assertThatThrownBy(() -> execution.run(0, 0, List.of()))
          .isInstanceOf(MemoryFault.class)
          .hasMessageContaining("more than 8 functions call one another");
    }
  }
}
