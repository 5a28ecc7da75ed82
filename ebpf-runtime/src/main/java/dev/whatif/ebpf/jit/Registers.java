package dev.whatif.ebpf.jit;

import dev.whatif.core.x86.OperandSize;
import dev.whatif.core.x86.Register;
import dev.whatif.ebpf.isa.MemorySize;
import dev.whatif.ebpf.isa.Width;
import java.util.List;

/**
 * Which register of x86-64 holds which of BPF: as in the kernel (arch/x86/net/bpf_jit_comp.c), so
 * that arguments of calls lie where the System V ABI has them, but for the fourth.
 */
final class Registers {

  /** The invocation block's address, throughout a program. */
  static final Register INVOCATION = Register.R12;

  /** Changed by any instruction; hold nothing from one to the next. */
  static final Register SCRATCH = Register.R11;

  static final Register SCRATCH2 = Register.R10;
  static final Register SCRATCH3 = Register.R9;

  private static final List<Register> MACHINE =
      List.of(
          Register.RAX,
          Register.RDI,
          Register.RSI,
          Register.RDX,
          Register.RCX,
          Register.R8,
          Register.RBX,
          Register.R13,
          Register.R14,
          Register.R15,
          Register.RBP);

  private Registers() {}

  /** Where a BPF register lives. */
  static Register of(dev.whatif.ebpf.isa.Register register) {
    return MACHINE.get(register.number());
  }

  /** The operand size of a width. */
  static OperandSize size(Width width) {
    return width == Width.W64 ? OperandSize.BITS64 : OperandSize.BITS32;
  }

  static OperandSize size(MemorySize size) {
    return switch (size) {
      case BYTE -> OperandSize.BITS8;
      case HALF -> OperandSize.BITS16;
      case WORD -> OperandSize.BITS32;
      case DOUBLE -> OperandSize.BITS64;
    };
  }
}
