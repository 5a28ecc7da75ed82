package dev.whatif.ebpf.verifier;

import dev.whatif.ebpf.isa.Code;
import dev.whatif.ebpf.isa.Instruction;
import dev.whatif.ebpf.isa.Operand;
import dev.whatif.ebpf.isa.Register;
import java.util.OptionalInt;

/**
 * Which registers an instruction, or what may follow it in its function, reads before writing
 * ({@code compute_live_registers} in kernel/bpf/verifier.c). What nobody reads makes no difference
 * between states. Immutable.
 */
final class Liveness {

  private static final int R0 = 1;
  private static final int ARGUMENTS = 0b11_1110;
  private static final int CALLER_SAVED = 0b11_1111;
  private static final int FRAME_POINTER = 1 << 10;

  private final int[] live;

  Liveness(Code code) {
    int size = code.instructions().size();
    live = new int[size];
    boolean changed = true;
    while (changed) {
      changed = false;
      for (int i = size - 1; i >= 0; i--) {
        Instruction instruction = code.instructions().get(i);
        int after = 0;
        if (ControlFlow.continues(instruction) && i + 1 < size) {
          after = live[i + 1];
        }
        if (instruction instanceof Instruction.Jump || instruction instanceof Instruction.Branch) {
          OptionalInt target = code.indexAt(instruction.targetFrom(code.slotOf(i)).orElseThrow());
          after |= target.isPresent() ? live[target.getAsInt()] : 0;
        }
        int before = after & ~written(instruction) | read(instruction) | FRAME_POINTER;
        if (before != live[i]) {
          live[i] = before;
          changed = true;
        }
      }
    }
  }

  /** Whether a register is read from an instruction on. */
  boolean isLive(int index, int register) {
    return (live[index] & 1 << register) != 0;
  }

  private static int read(Instruction instruction) {
    return switch (instruction) {
      case Instruction.Alu(_, _, var dst, var src) -> bit(dst) | bit(src);
      case Instruction.Move(_, _, var src) -> bit(src);
      case Instruction.MoveSigned(_, _, _, var src) -> bit(src);
      case Instruction.Negate(_, var dst) -> bit(dst);
      case Instruction.SwapBytes(_, _, var dst) -> bit(dst);
      case Instruction.LoadImmediate _, Instruction.LoadReference _, Instruction.Jump _ -> 0;
      case Instruction.Load load -> bit(load.base());
      case Instruction.Store(_, var base, _, var value) -> bit(base) | bit(value);
      case Instruction.Atomic(_, _, var base, _, var src) -> bit(base) | bit(src) | R0;
      case Instruction.LoadPacketAbsolute _, Instruction.LoadPacketIndirect _ -> ~0;
      case Instruction.Branch(_, _, var dst, var src, _) -> bit(dst) | bit(src);
      case Instruction.CallHelper _, Instruction.CallLocal _, Instruction.CallKernel _ -> ARGUMENTS;
      case Instruction.CallRegister(var target) -> ARGUMENTS | bit(target);
      case Instruction.Exit _ -> R0;
    };
  }

  private static int written(Instruction instruction) {
    return switch (instruction) {
      case Instruction.Move(_, var dst, _) -> bit(dst);
      case Instruction.MoveSigned(_, _, var dst, _) -> bit(dst);
      case Instruction.LoadImmediate(var dst, _) -> bit(dst);
      case Instruction.LoadReference(var dst, _, _, _) -> bit(dst);
      case Instruction.Load load -> bit(load.dst());
      case Instruction.CallHelper _, Instruction.CallLocal _, Instruction.CallKernel _ ->
          CALLER_SAVED;
      case Instruction.CallRegister _ -> CALLER_SAVED;
      case Instruction.Alu _, Instruction.Negate _, Instruction.SwapBytes _ -> 0;
      case Instruction.Store _, Instruction.Atomic _, Instruction.Branch _ -> 0;
      case Instruction.LoadPacketAbsolute _, Instruction.LoadPacketIndirect _ -> 0;
      case Instruction.Jump _, Instruction.Exit _ -> 0;
    };
  }

  private static int bit(Operand operand) {
    return operand instanceof Register register ? 1 << register.number() : 0;
  }
}
