package dev.whatif.ebpf.isa;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Random instructions of every kind. */
final class Instructions {

  private Instructions() {}

  static Arbitrary<Instruction> any() {
    return Arbitraries.oneOf(
        arithmetic(),
        memory(),
        packets(),
        Combinators.combine(widths(), conditions(), registers(), operands(), shorts())
            .as(Instruction.Branch::new),
        Arbitraries.integers().map(o -> new Instruction.Jump(true, o)),
        shorts().map(o -> new Instruction.Jump(false, o)),
        Arbitraries.integers().map(Instruction.CallHelper::new),
        Arbitraries.integers().map(Instruction.CallLocal::new),
        Combinators.combine(Arbitraries.integers(), shorts()).as(Instruction.CallKernel::new),
        registers().map(Instruction.CallRegister::new),
        Arbitraries.just(new Instruction.Exit()));
  }

  private static Arbitrary<Instruction> arithmetic() {
    return Arbitraries.oneOf(
        Combinators.combine(widths(), Arbitraries.of(AluOperator.class), registers(), operands())
            .as(Instruction.Alu::new),
        Combinators.combine(widths(), registers(), operands()).as(Instruction.Move::new),
        Combinators.combine(widths(), Arbitraries.of(8, 16), registers(), registers())
            .as(Instruction.MoveSigned::new),
        Combinators.combine(registers(), registers())
            .as((d, s) -> new Instruction.MoveSigned(Width.W64, 32, d, s)),
        Combinators.combine(widths(), registers()).as(Instruction.Negate::new),
        Combinators.combine(Arbitraries.of(ByteSwap.class), Arbitraries.of(16, 32, 64), registers())
            .as(Instruction.SwapBytes::new));
  }

  private static Arbitrary<Instruction> memory() {
    return Arbitraries.oneOf(
        Combinators.combine(registers(), Arbitraries.longs()).as(Instruction.LoadImmediate::new),
        Combinators.combine(
                registers(),
                Arbitraries.of(ReferenceKind.class),
                Arbitraries.integers(),
                Arbitraries.integers())
            .as((r, k, f, s) -> new Instruction.LoadReference(r, k, f, k.hasSecond() ? s : 0)),
        Combinators.combine(sizes(), registers(), registers(), shorts())
            .as((z, d, b, o) -> new Instruction.Load(z, false, d, b, o)),
        Combinators.combine(packetSizes(), registers(), registers(), shorts())
            .as((z, d, b, o) -> new Instruction.Load(z, true, d, b, o)),
        Combinators.combine(sizes(), registers(), shorts(), operands()).as(Instruction.Store::new),
        Combinators.combine(
                widths(), Arbitraries.of(AtomicOperator.class), registers(), shorts(), registers())
            .as(Instruction.Atomic::new));
  }

  private static Arbitrary<Instruction> packets() {
    return Arbitraries.oneOf(
        Combinators.combine(packetSizes(), Arbitraries.integers())
            .as(Instruction.LoadPacketAbsolute::new),
        Combinators.combine(packetSizes(), registers(), Arbitraries.integers())
            .as(Instruction.LoadPacketIndirect::new));
  }

  private static Arbitrary<Register> registers() {
    return Arbitraries.of(Register.class);
  }

  private static Arbitrary<Width> widths() {
    return Arbitraries.of(Width.class);
  }

  private static Arbitrary<Condition> conditions() {
    return Arbitraries.of(Condition.class);
  }

  private static Arbitrary<MemorySize> sizes() {
    return Arbitraries.of(MemorySize.class);
  }

  private static Arbitrary<MemorySize> packetSizes() {
    return Arbitraries.of(MemorySize.BYTE, MemorySize.HALF, MemorySize.WORD);
  }

  private static Arbitrary<Short> shorts() {
    return Arbitraries.shorts();
  }

  private static Arbitrary<Operand> operands() {
    return Arbitraries.oneOf(registers(), Arbitraries.integers().map(Immediate::new));
  }
}
