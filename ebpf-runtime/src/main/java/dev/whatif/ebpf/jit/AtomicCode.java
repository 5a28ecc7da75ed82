package dev.whatif.ebpf.jit;

import dev.whatif.core.x86.Arithmetic;
import dev.whatif.core.x86.Condition;
import dev.whatif.core.x86.Emitter;
import dev.whatif.core.x86.Label;
import dev.whatif.core.x86.Memory;
import dev.whatif.core.x86.OperandSize;
import dev.whatif.ebpf.isa.Instruction;
import dev.whatif.ebpf.isa.Register;
import dev.whatif.ebpf.isa.Width;

/** Compiles atomic instructions; all of them are full barriers, as the kernel's. */
final class AtomicCode {

  private static final dev.whatif.core.x86.Register RAX = dev.whatif.core.x86.Register.RAX;
  private static final dev.whatif.core.x86.Register CHANGED = Registers.SCRATCH;
  private static final dev.whatif.core.x86.Register SAVED_RAX = Registers.SCRATCH2;
  private static final dev.whatif.core.x86.Register ADDRESS = Registers.SCRATCH3;

  private final Emitter e;
  private final Values values;

  AtomicCode(Output out, Values values) {
    this.e = out.e;
    this.values = values;
  }

  /** An atomic instruction; nothing may be deferred. */
  void change(Instruction.Atomic atomic) {
    OperandSize size = Registers.size(atomic.width());
    var src = Registers.of(atomic.src());
    Memory memory = Memory.at(Registers.of(atomic.base()), atomic.offset());
    switch (atomic.operator()) {
      case ADD -> e.lock().arithmetic(Arithmetic.ADD, size, memory, src);
      case OR -> e.lock().arithmetic(Arithmetic.OR, size, memory, src);
      case AND -> e.lock().arithmetic(Arithmetic.AND, size, memory, src);
      case XOR -> e.lock().arithmetic(Arithmetic.XOR, size, memory, src);
      case FETCH_ADD -> e.lock().exchangeAdd(size, memory, src);
      case FETCH_OR -> fetch(Arithmetic.OR, size, memory, atomic.src());
      case FETCH_AND -> fetch(Arithmetic.AND, size, memory, atomic.src());
      case FETCH_XOR -> fetch(Arithmetic.XOR, size, memory, atomic.src());
      case EXCHANGE -> e.exchange(size, memory, src);
      case COMPARE_EXCHANGE -> {
        e.lock().compareExchange(size, memory, src);
        if (atomic.width() == Width.W32) {
          // the machine leaves rax alone when it stores
          e.move(OperandSize.BITS32, RAX, RAX);
        }
      }
    }
    values.clearFlags();
  }

  /**
   * The machine fetches with no other operation than an addition: tries until nobody interferes.
   */
  private void fetch(Arithmetic operation, OperandSize size, Memory memory, Register register) {
    var src = Registers.of(register);
    boolean keepsRax = src == RAX || values.isLive(Register.R0) || memory.base() == RAX;
    if (keepsRax) {
      e.move(SAVED_RAX, RAX);
    }
    Memory place = memory;
    if (memory.base() == RAX) {
      e.move(ADDRESS, RAX);
      place = Memory.at(ADDRESS, memory.displacement());
    }
    Label again = new Label();
    e.load(size, RAX, place).bind(again).move(size, CHANGED, RAX);
    e.arithmetic(operation, size, CHANGED, src == RAX ? SAVED_RAX : src);
    e.lock().compareExchange(size, place, CHANGED).jumpIf(Condition.NOT_EQUAL, again);
    if (src != RAX) {
      e.move(size, src, RAX);
      if (keepsRax) {
        e.move(RAX, SAVED_RAX);
      }
    }
  }
}
