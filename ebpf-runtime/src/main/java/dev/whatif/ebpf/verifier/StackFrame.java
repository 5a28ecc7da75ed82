package dev.whatif.ebpf.verifier;

import dev.whatif.ebpf.isa.Register;
import dev.whatif.ebpf.verifier.RegisterState.Pointer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;

/** The registers and the stack of one call. One thread; copies share the stack until one writes. */
final class StackFrame {

  /** kernel, include/linux/filter.h, MAX_BPF_STACK. */
  static final int STACK_BYTES = 512;

  private static final int REGISTERS = 11;
  private static final StackSlot[] NOTHING = {};

  final int number;

  /** The index of the instruction where the function begins. */
  final int function;

  /** The index of the call; -1 for the program itself. */
  final int calledFrom;

  /** Whether a helper calls it, and what that helper does is not known. */
  final boolean callback;

  /** How often the helper that is being called has called back. */
  int callbacks;

  private final RegisterState[] registers;
  private StackSlot[] slots;
  private boolean shared;

  /** A new frame. */
  StackFrame(int number, int function, int calledFrom, boolean callback, RegisterState atFirst) {
    this.number = number;
    this.function = function;
    this.calledFrom = calledFrom;
    this.callback = callback;
    this.registers = new RegisterState[REGISTERS];
    Arrays.fill(registers, atFirst);
    registers[Register.R10.number()] = Pointer.at(new Provenance.Stack(number), 0);
    slots = NOTHING;
  }

  private StackFrame(StackFrame other) {
    number = other.number;
    function = other.function;
    calledFrom = other.calledFrom;
    callback = other.callback;
    callbacks = other.callbacks;
    registers = other.registers.clone();
    slots = other.slots;
    shared = true;
    other.shared = true;
  }

  StackFrame copy() {
    return new StackFrame(this);
  }

  RegisterState get(Register register) {
    return registers[register.number()];
  }

  RegisterState get(int register) {
    return registers[register];
  }

  void set(Register register, RegisterState state) {
    registers[register.number()] = state;
  }

  /** What may have changed in a call: r0 to r5. */
  void forgetCallerSaved(RegisterState state) {
    Arrays.fill(registers, 0, 6, state);
  }

  /** The slot that holds a byte, counted from the frame pointer down: 0 holds -8 to -1. */
  static int slotOf(int offset) {
    return (-offset - 1) / StackSlot.BYTES;
  }

  /** The slots in use. */
  int slots() {
    return slots.length;
  }

  StackSlot slot(int index) {
    return index < slots.length ? slots[index] : StackSlot.unwritten();
  }

  void setSlot(int index, StackSlot slot) {
    if (index >= slots.length) {
      int before = slots.length;
      slots = Arrays.copyOf(slots, index + 1);
      for (int i = before; i < index; i++) {
        slots[i] = StackSlot.unwritten();
      }
      shared = false;
    } else if (shared) {
      slots = slots.clone();
      shared = false;
    }
    slots[index] = slot;
  }

  /** Changes every register, and every one that was saved. */
  void replaceAll(UnaryOperator<RegisterState> change) {
    for (int i = 0; i < REGISTERS; i++) {
      registers[i] = change.apply(registers[i]);
    }
    for (int i = 0; i < slots.length; i++) {
      if (slots[i].saved() != 0) {
        RegisterState changed = change.apply(slots[i].value());
        if (changed != slots[i].value()) {
          setSlot(i, slots[i].withValue(changed));
        }
      }
    }
  }

  /** What is known of each register that was written. */
  List<String> describe() {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < REGISTERS - 1; i++) {
      if (registers[i] != RegisterState.Unwritten.UNWRITTEN) {
        lines.add("r%d = %s".formatted(i, registers[i].text()));
      }
    }
    return lines;
  }
}
