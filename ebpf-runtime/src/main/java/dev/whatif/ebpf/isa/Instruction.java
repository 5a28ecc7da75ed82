package dev.whatif.ebpf.isa;

import dev.whatif.core.failure.BadDataException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * One instruction of RFC 9669, cpu versions v1 to v4, made for pattern matching:
 *
 * <pre>{@code
 * switch (instruction) {
 *   case Alu(var width, var operator, var dst, Immediate(int value)) -> ...
 *   case Alu(var width, var operator, var dst, Register src) -> ...
 *   case Exit() -> ...
 * }
 * }</pre>
 *
 * <p>Every instruction encodes, and what was encoded decodes to an equal one. Whether a program may
 * do what it says (write to r10, read a register never written) is for the verifier. Offsets of
 * jumps and calls count slots from the slot after the instruction's first.
 */
public sealed interface Instruction {

  /** {@code dst = dst operator src}. */
  record Alu(Width width, AluOperator operator, Register dst, Operand src) implements Instruction {}

  /** {@code dst = src}. */
  record Move(Width width, Register dst, Operand src) implements Instruction {}

  /**
   * {@code dst = src}, the sign of its lower bits extended to the width.
   *
   * @param bits 8, 16, or 32 when the width is 64
   */
  record MoveSigned(Width width, int bits, Register dst, Register src) implements Instruction {
    /** Checks the bits. */
    public MoveSigned {
      if (bits != 8 && bits != 16 && (bits != 32 || width != Width.W64)) {
        throw new IllegalArgumentException(bits + " bits cannot be extended to " + width);
      }
    }
  }

  /** {@code dst = -dst}. */
  record Negate(Width width, Register dst) implements Instruction {}

  /**
   * {@code dst} with the bytes of its lower part in another order, the rest 0.
   *
   * @param bits 16, 32 or 64
   */
  record SwapBytes(ByteSwap swap, int bits, Register dst) implements Instruction {
    /** Checks the bits. */
    public SwapBytes {
      if (bits != 16 && bits != 32 && bits != 64) {
        throw new IllegalArgumentException("bytes of " + bits + " bits cannot be swapped");
      }
    }
  }

  /** {@code dst = value}; takes two slots. */
  record LoadImmediate(Register dst, long value) implements Instruction {}

  /**
   * {@code dst =} the address of something that the kernel knows; takes two slots.
   *
   * @param first of the first slot
   * @param second of the second slot; 0 for kinds without
   */
  record LoadReference(Register dst, ReferenceKind kind, int first, int second)
      implements Instruction {
    /** Checks that only kinds with a second number have one. */
    public LoadReference {
      if (second != 0 && !kind.hasSecond()) {
        throw new IllegalArgumentException(kind + " has no second number");
      }
    }
  }

  /**
   * {@code dst = *(base + offset)}.
   *
   * @param signed whether the sign is extended to 64 bits; else the rest of dst is 0
   */
  record Load(MemorySize size, boolean signed, Register dst, Register base, short offset)
      implements Instruction {
    /** Checks that there is something to extend. */
    public Load {
      if (signed && size == MemorySize.DOUBLE) {
        throw new IllegalArgumentException("8 bytes have no sign to extend");
      }
    }
  }

  /** {@code *(base + offset) = value}. */
  record Store(MemorySize size, Register base, short offset, Operand value)
      implements Instruction {}

  /** An atomic change of {@code *(base + offset)}, 4 or 8 bytes. */
  record Atomic(Width width, AtomicOperator operator, Register base, short offset, Register src)
      implements Instruction {}

  /**
   * {@code r0 =} bytes of the packet in network order at an offset; obsolete (RFC 9669 section
   * 5.5).
   */
  record LoadPacketAbsolute(MemorySize size, int offset) implements Instruction {
    /** Checks the size. */
    public LoadPacketAbsolute {
      requirePacketSize(size);
    }
  }

  /** {@code r0 =} bytes of the packet in network order at a register plus an offset; obsolete. */
  record LoadPacketIndirect(MemorySize size, Register index, int offset) implements Instruction {
    /** Checks the size. */
    public LoadPacketIndirect {
      requirePacketSize(size);
    }
  }

  /**
   * {@code goto}.
   *
   * @param wide whether it has 32 bits for the offset ({@code gotol}), not 16
   */
  record Jump(boolean wide, int offset) implements Instruction {
    /** Checks that the offset fits. */
    public Jump {
      if (!wide && offset != (short) offset) {
        throw new IllegalArgumentException("goto " + offset + " does not fit into 16 bits");
      }
    }
  }

  /** {@code if dst condition src goto}. */
  record Branch(Width width, Condition condition, Register dst, Operand src, short offset)
      implements Instruction {}

  /** Calls a helper function by its number. */
  record CallHelper(int id) implements Instruction {}

  /** Calls a function of the same program. */
  record CallLocal(int offset) implements Instruction {}

  /**
   * Calls a kernel function by its BTF id (BPF_PSEUDO_KFUNC_CALL).
   *
   * @param module index into the list of file descriptors given at load, 0 for the kernel itself
   */
  record CallKernel(int btfId, short module) implements Instruction {}

  /** Calls the function whose address is in a register, as clang 19 encodes it. */
  record CallRegister(Register target) implements Instruction {}

  /** Returns. */
  record Exit() implements Instruction {}

  /**
   * The instruction that begins at a slot.
   *
   * @param code whole slots
   * @throws BadDataException naming the slot when the encoding is not one of the standard's, for
   *     example when a field that the instruction does not use is not zero
   * @throws IndexOutOfBoundsException when the code has no such slot
   */
  static Instruction at(byte[] code, int slot) {
    return new InstructionDecoder(code, slot).decode();
  }

  /**
   * All instructions of some code. Where jumps lead is not looked at: see {@link Code#decode}.
   *
   * @throws BadDataException naming the slot, as {@link #at}, or when the last slot is not whole
   */
  static List<Instruction> decode(byte[] code) {
    if (code.length % Slot.BYTES != 0) {
      throw new BadDataException(
          "%d bytes of BPF code are not whole slots of 8".formatted(code.length));
    }
    List<Instruction> instructions = new ArrayList<>();
    for (int slot = 0; slot < code.length / Slot.BYTES; ) {
      Instruction instruction = at(code, slot);
      instructions.add(instruction);
      slot += instruction.slots();
    }
    return List.copyOf(instructions);
  }

  /** The inverse of {@link #decode}. */
  static byte[] encode(List<? extends Instruction> instructions) {
    byte[] code = new byte[instructions.stream().mapToInt(Instruction::slots).sum() * Slot.BYTES];
    int slot = 0;
    for (Instruction instruction : instructions) {
      InstructionEncoder.put(instruction, code, slot);
      slot += instruction.slots();
    }
    return code;
  }

  /** How many slots it takes, 1 or 2. */
  default int slots() {
    return this instanceof LoadImmediate || this instanceof LoadReference ? 2 : 1;
  }

  /** The first version of the instruction set that has it. */
  default CpuVersion needs() {
    return switch (this) {
      case Alu(_, var operator, _, _) -> operator.offset() == 0 ? CpuVersion.V1 : CpuVersion.V4;
      case Branch(var width, var condition, _, _, _) ->
          width == Width.W32 ? CpuVersion.V3 : condition.version();
      case Atomic(_, var operator, _, _, _) ->
          operator == AtomicOperator.ADD ? CpuVersion.V1 : CpuVersion.V3;
      case Load load -> load.signed() ? CpuVersion.V4 : CpuVersion.V1;
      case Jump jump -> jump.wide() ? CpuVersion.V4 : CpuVersion.V1;
      case SwapBytes swap -> swap.swap() == ByteSwap.ALWAYS ? CpuVersion.V4 : CpuVersion.V1;
      case MoveSigned _ -> CpuVersion.V4;
      case Move _, Negate _, LoadImmediate _, LoadReference _, Store _ -> CpuVersion.V1;
      case LoadPacketAbsolute _, LoadPacketIndirect _ -> CpuVersion.V1;
      case CallHelper _, CallLocal _, CallKernel _, CallRegister _, Exit _ -> CpuVersion.V1;
    };
  }

  /**
   * The slot of this program that it names: of a jump, a branch, a local call or the address of a
   * function. It may lie outside of the program.
   *
   * @param slot where this instruction begins
   */
  default OptionalLong targetFrom(int slot) {
    return switch (this) {
      case Jump jump -> OptionalLong.of(slot + 1L + jump.offset());
      case Branch branch -> OptionalLong.of(slot + 1L + branch.offset());
      case CallLocal call -> OptionalLong.of(slot + 1L + call.offset());
      case LoadReference(_, var kind, var first, _) when kind == ReferenceKind.FUNCTION ->
          OptionalLong.of(slot + 1L + first);
      case Alu _, Move _, MoveSigned _, Negate _, SwapBytes _ -> OptionalLong.empty();
      case LoadImmediate _, LoadReference _, Load _, Store _, Atomic _ -> OptionalLong.empty();
      case LoadPacketAbsolute _, LoadPacketIndirect _ -> OptionalLong.empty();
      case CallHelper _, CallKernel _, CallRegister _, Exit _ -> OptionalLong.empty();
    };
  }

  private static void requirePacketSize(MemorySize size) {
    if (size == MemorySize.DOUBLE) {
      throw new IllegalArgumentException("packets are read by 1, 2 or 4 bytes");
    }
  }
}
