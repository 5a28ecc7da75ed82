package dev.whatif.ebpf.jit;

import dev.whatif.ebpf.isa.AtomicOperator;
import dev.whatif.ebpf.isa.Instruction;
import dev.whatif.ebpf.isa.Operand;
import dev.whatif.ebpf.isa.Register;

/** Which registers an instruction reads and writes, as sets of bits. */
final class Effects {

  /** r1 to r5. */
  static final int ARGUMENTS = 0b111110;

  /** r0 to r5. */
  static final int CHANGED_BY_CALLS = 0b111111;

  private Effects() {}

  static int bit(Register register) {
    return 1 << register.number();
  }

  /** The set of the operand's register; empty for an immediate. */
  static int bit(Operand operand) {
    return operand instanceof Register r ? bit(r) : 0;
  }

  /** Registers whose values matter to it. */
  static int reads(Instruction instruction) {
    return switch (instruction) {
      case Instruction.Alu(_, _, var dst, var src) -> bit(dst) | bit(src);
      case Instruction.Move(_, _, var src) -> bit(src);
      case Instruction.MoveSigned(_, _, _, var src) -> bit(src);
      case Instruction.Negate(_, var dst) -> bit(dst);
      case Instruction.SwapBytes(_, _, var dst) -> bit(dst);
      case Instruction.LoadImmediate _, Instruction.LoadReference _ -> 0;
      case Instruction.Load(_, _, _, var base, _) -> bit(base);
      case Instruction.Store(_, var base, _, var value) -> bit(base) | bit(value);
      case Instruction.Atomic(_, var operator, var base, _, var src) ->
          bit(base)
              | bit(src)
              | (operator == AtomicOperator.COMPARE_EXCHANGE ? bit(Register.R0) : 0);
      case Instruction.LoadPacketAbsolute _ -> bit(Register.R6);
      case Instruction.LoadPacketIndirect(_, var index, _) -> bit(Register.R6) | bit(index);
      case Instruction.Jump _ -> 0;
      case Instruction.Branch(_, _, var dst, var src, _) -> bit(dst) | bit(src);
      case Instruction.CallHelper _, Instruction.CallLocal _, Instruction.CallKernel _ -> ARGUMENTS;
      case Instruction.CallRegister(var target) -> ARGUMENTS | bit(target);
      case Instruction.Exit _ -> bit(Register.R0);
    };
  }

  /** Registers whose values are others afterwards. */
  static int writes(Instruction instruction) {
    return switch (instruction) {
      case Instruction.Alu(_, _, var dst, _) -> bit(dst);
      case Instruction.Move(_, var dst, _) -> bit(dst);
      case Instruction.MoveSigned(_, _, var dst, _) -> bit(dst);
      case Instruction.Negate(_, var dst) -> bit(dst);
      case Instruction.SwapBytes(_, _, var dst) -> bit(dst);
      case Instruction.LoadImmediate(var dst, _) -> bit(dst);
      case Instruction.LoadReference(var dst, _, _, _) -> bit(dst);
      case Instruction.Load(_, _, var dst, _, _) -> bit(dst);
      case Instruction.Atomic(_, var operator, _, _, var src) ->
          operator == AtomicOperator.COMPARE_EXCHANGE
              ? bit(Register.R0)
              : operator.fetches() ? bit(src) : 0;
      case Instruction.Store _, Instruction.Jump _, Instruction.Branch _, Instruction.Exit _ -> 0;
      case Instruction.LoadPacketAbsolute _, Instruction.LoadPacketIndirect _ -> CHANGED_BY_CALLS;
      case Instruction.CallHelper _, Instruction.CallLocal _ -> CHANGED_BY_CALLS;
      case Instruction.CallKernel _, Instruction.CallRegister _ -> CHANGED_BY_CALLS;
    };
  }
}
