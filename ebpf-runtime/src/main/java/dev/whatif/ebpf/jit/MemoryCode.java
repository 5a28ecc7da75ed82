package dev.whatif.ebpf.jit;

import dev.whatif.core.x86.Arithmetic;
import dev.whatif.core.x86.Emitter;
import dev.whatif.core.x86.Memory;
import dev.whatif.core.x86.OperandSize;
import dev.whatif.core.x86.Unary;
import dev.whatif.ebpf.isa.AluOperator;
import dev.whatif.ebpf.isa.Instruction;
import dev.whatif.ebpf.isa.MemorySize;
import dev.whatif.ebpf.isa.Register;
import dev.whatif.ebpf.isa.Width;
import java.util.Optional;
import java.util.OptionalInt;

/** Compiles loads and stores, and makes one instruction of a load and what is done with it. */
final class MemoryCode {

  private final Emitter e;
  private final Values values;
  private final SlotRegisters slots;

  MemoryCode(Output out, Values values, SlotRegisters slots) {
    this.e = out.e;
    this.values = values;
    this.slots = slots;
  }

  /**
   * A load.
   *
   * @param liveOut after it
   */
  void load(Instruction.Load load, int liveOut) {
    // what is computed from dst, and used for this address only, need not be computed before
    values.free(load.dst(), liveOut);
    var slot = slots.at(load.base(), load.offset(), load.size());
    if (slot != null) {
      e.move(Registers.size(load.size()), values.overwrite(load.dst(), liveOut), slot);
      return;
    }
    Memory from = values.address(load.base(), load.offset());
    OperandSize size = Registers.size(load.size());
    var to = values.overwrite(load.dst(), liveOut);
    if (load.signed()) {
      e.loadSignExtended(size, OperandSize.BITS64, to, from);
    } else {
      e.load(size, to, from);
    }
  }

  /** A store. */
  void store(Instruction.Store store) {
    OperandSize size = Registers.size(store.size());
    var slot = slots.at(store.base(), store.offset(), store.size());
    if (slot != null) {
      store(slot, store);
      return;
    }
    values.address(store.base(), store.offset());
    Width width = store.size() == MemorySize.DOUBLE ? Width.W64 : Width.W32;
    OptionalInt constant = values.constant(store.value(), width);
    if (constant.isPresent()) {
      e.store(size, values.address(store.base(), store.offset()), constant.getAsInt());
    } else {
      var from = values.read((Register) store.value(), width);
      e.store(size, values.address(store.base(), store.offset()), from);
    }
  }

  private void store(dev.whatif.core.x86.Register slot, Instruction.Store store) {
    boolean isLong = store.size() == MemorySize.DOUBLE;
    Width width = isLong ? Width.W64 : Width.W32;
    OptionalInt constant = values.constant(store.value(), width);
    if (constant.isPresent()) {
      int value = constant.getAsInt();
      e.move(slot, isLong ? value : value & 0xffff_ffffL);
    } else {
      var from = values.read((Register) store.value(), width);
      e.move(Registers.size(store.size()), slot, from);
    }
  }

  /** The operation that a machine instruction can do with an operand in memory. */
  private static Optional<Arithmetic> inMemory(AluOperator operator) {
    return switch (operator) {
      case ADD -> Optional.of(Arithmetic.ADD);
      case SUBTRACT -> Optional.of(Arithmetic.SUBTRACT);
      case AND -> Optional.of(Arithmetic.AND);
      case OR -> Optional.of(Arithmetic.OR);
      case XOR -> Optional.of(Arithmetic.XOR);
      case MULTIPLY, DIVIDE, SIGNED_DIVIDE, REMAINDER, SIGNED_REMAINDER -> Optional.empty();
      case SHIFT_LEFT, SHIFT_RIGHT, SIGNED_SHIFT_RIGHT -> Optional.empty();
    };
  }

  /**
   * {@code t = *p; dst = dst operator t}, where nobody reads t later.
   *
   * @return whether that was made one instruction
   */
  boolean operateOn(Instruction.Load load, Instruction next, int liveOut) {
    if (!(next instanceof Instruction.Alu(var width, var operator, var dst, Register src))
        || src != load.dst()
        || dst == src
        || load.signed()
        || Registers.size(width) != Registers.size(load.size())
        || (liveOut & Effects.bit(src)) != 0) {
      return false;
    }
    Optional<Arithmetic> operation = inMemory(operator);
    if (operation.isEmpty() && operator != AluOperator.MULTIPLY) {
      return false;
    }
    var to = values.own(dst);
    OperandSize size = Registers.size(width);
    var slot = slots.at(load.base(), load.offset(), load.size());
    if (slot != null) {
      if (operation.isPresent()) {
        e.arithmetic(operation.get(), size, to, slot);
        values.setFlags(dst, width);
      } else {
        e.multiply(size, to, slot);
        values.clearFlags();
      }
      return true;
    }
    Memory from = values.address(load.base(), load.offset());
    if (operation.isPresent()) {
      e.arithmetic(operation.get(), size, to, from);
      values.setFlags(dst, width);
    } else {
      e.multiply(size, to, from);
      values.clearFlags();
    }
    return true;
  }

  /**
   * {@code t = *p; t = t operator src; *p = t}, where nobody reads t later.
   *
   * @return whether that was made one instruction
   */
  boolean change(Instruction.Load load, Instruction second, Instruction third, int liveOut) {
    if (!(second instanceof Instruction.Alu(_, var operator, var t, var src))
        || !(third instanceof Instruction.Store(var size, var base, short offset, var value))
        || t != load.dst()
        || src == t
        || value != t
        || base != load.base()
        || base == t
        || offset != load.offset()
        || size != load.size()
        || (liveOut & Effects.bit(t)) != 0) {
      return false;
    }
    Optional<Arithmetic> operation = inMemory(operator);
    if (operation.isEmpty() || slots.at(base, offset, size) != null) {
      return false;
    }
    Width width = size == MemorySize.DOUBLE ? Width.W64 : Width.W32;
    if (width == Width.W64 && ((Instruction.Alu) second).width() == Width.W32) {
      return false;
    }
    OperandSize operand = Registers.size(size);
    values.address(base, offset);
    OptionalInt constant = values.constant(src, width);
    if (constant.isPresent()) {
      Memory memory = values.address(base, offset);
      int by = constant.getAsInt();
      if (operation.get() == Arithmetic.ADD && (by == 1 || by == -1)) {
        e.unary(by == 1 ? Unary.INCREMENT : Unary.DECREMENT, operand, memory);
      } else {
        e.arithmetic(operation.get(), operand, memory, by);
      }
    } else {
      var from = values.read((Register) src, width);
      e.arithmetic(operation.get(), operand, values.address(base, offset), from);
    }
    values.clearFlags();
    return true;
  }
}
