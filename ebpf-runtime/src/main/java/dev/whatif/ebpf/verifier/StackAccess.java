package dev.whatif.ebpf.verifier;

import dev.whatif.ebpf.verifier.RegisterState.Pointer;
import dev.whatif.ebpf.verifier.RegisterState.Scalar;
import dev.whatif.ebpf.verifier.RegisterState.Unwritten;

/**
 * The stack: what was saved there comes back as it was ({@code check_stack_read}, {@code
 * check_stack_write} in kernel/bpf/verifier.c). Bytes that were never written may be read, as root
 * may in the kernel; nothing is known of them.
 */
final class StackAccess {

  private final Verification in;

  StackAccess(Verification verification) {
    in = verification;
  }

  /** What a load of some bytes gives. */
  RegisterState load(MachineState state, Pointer base, int offset, int bytes) {
    StackFrame frame = require(state, base, offset, bytes, true);
    return base.isFixed()
        ? fill(frame, (int) base.fixedOffset() + offset, bytes)
        : gather(frame, base, offset, bytes);
  }

  /** A store of some bytes. */
  void store(MachineState state, Pointer base, int offset, int bytes, RegisterState value) {
    StackFrame frame = require(state, base, offset, bytes, true);
    if (!base.isFixed()) {
      scatter(frame, base, offset, bytes, value);
      return;
    }
    int at = (int) base.fixedOffset() + offset;
    int slot = StackFrame.slotOf(at);
    boolean aligned = at % StackSlot.BYTES == 0;
    if (value instanceof Pointer pointer) {
      if (bytes == StackSlot.BYTES && aligned) {
        if (pointer.to() instanceof Provenance.Stack && frame != state.frame() && in.strict()) {
          throw new Fault(
              "stores a pointer to a stack into the stack of a caller",
              "return the value, or let the caller hold the variable");
        }
        frame.setSlot(slot, StackSlot.save(frame.slot(slot), value, bytes));
        return;
      }
      if (in.strict()) {
        throw new Fault(
            "stores %d bytes of a pointer on the stack".formatted(bytes),
            "store pointers whole, at a multiple of eight bytes");
      }
    } else if (aligned && value instanceof Scalar number) {
      Scalar saved =
          number.range().fits(bytes * Byte.SIZE)
              ? number
              : new Scalar(number.range(), number.demand());
      frame.setSlot(slot, StackSlot.save(frame.slot(slot), saved, bytes));
      return;
    }
    boolean zero = value instanceof Scalar number && number.range().isZero();
    if (zero) {
      ((Scalar) value).demand().raise();
    }
    writeBytes(frame, at, bytes, zero);
  }

  /**
   * Memory for a helper to read: which bytes it is depends on the variable part.
   *
   * @param bytes at most
   */
  void read(MachineState state, Pointer base, int bytes) {
    StackFrame frame = require(state, base, 0, bytes, false);
    long from = base.offset() + base.variable().smin();
    long to = base.offset() + base.variable().smax() + bytes;
    markRead(frame, (int) from, (int) (to - from));
  }

  /** A text for a helper to read: up to a byte that is known to be 0. */
  void readText(MachineState state, Pointer base) {
    StackFrame frame = require(state, base, 0, 1, false);
    int from = (int) base.fixedOffset();
    for (int at = from; at < 0 && base.isFixed(); at++) {
      if (frame.slot(StackFrame.slotOf(at)).isZero(at & StackSlot.BYTES - 1, 1)) {
        read(state, base, at - from + 1);
        return;
      }
    }
    throw new Fault(
        "hands in a text of which no end is known", "write a 0 behind it, as a constant");
  }

  /** Checks memory that a helper will write. */
  void require(MachineState state, Pointer base, int bytes) {
    require(state, base, 0, bytes, false);
  }

  /** Memory for a helper to write: afterwards nothing is known of it. */
  void overwrite(MachineState state, Pointer base, int bytes) {
    StackFrame frame = require(state, base, 0, bytes, false);
    if (base.isFixed()) {
      writeBytes(frame, (int) base.fixedOffset(), bytes, false);
      return;
    }
    scatter(frame, base, 0, bytes, Scalar.unknown());
  }

  private StackFrame require(
      MachineState state, Pointer base, int offset, int bytes, boolean aligned) {
    StackFrame frame = state.frame(((Provenance.Stack) base.to()).frame());
    ScalarRange variable = base.variable();
    boolean unbounded =
        variable.smin() <= -PointerArithmetic.MAX_OFFSET
            || variable.smax() >= PointerArithmetic.MAX_OFFSET;
    long fixed = (long) base.offset() + offset;
    long least = fixed + variable.smin();
    long most = fixed + variable.smax() + bytes;
    if (unbounded || least < -StackFrame.STACK_BYTES || most > 0) {
      throw new Fault(
          unbounded
              ? "accesses the stack at an index without bounds"
              : "accesses the stack from byte %d to %d; it has bytes %d to -1"
                  .formatted(least, most - 1, -StackFrame.STACK_BYTES),
          base.isFixed()
              ? "stay inside the variable: the stack of a BPF program has 512 bytes"
              : "check the index before using it: if (i >= n) return 0;");
    }
    if (aligned && in.strict()) {
      TristateNumber at = variable.bits().add(TristateNumber.constant(fixed));
      if (((at.value() | at.mask()) & bytes - 1) != 0) {
        throw new Fault(
            "accesses %d bytes of the stack at %d%s, no multiple of it"
                .formatted(bytes, fixed, base.isFixed() ? "" : " + (" + variable.text() + ")"),
            "align the variable; copy packed structures byte by byte");
      }
    }
    in.functions.usesStack(frame.function, (int) -least);
    return frame;
  }

  private RegisterState fill(StackFrame frame, int at, int bytes) {
    StackSlot slot = frame.slot(StackFrame.slotOf(at));
    int from = at & StackSlot.BYTES - 1;
    if (from + bytes > StackSlot.BYTES) {
      markRead(frame, at, bytes);
      return Scalar.of(ScalarRange.loaded(bytes, false));
    }
    slot.read().raise();
    if (slot.isSavedPointer()) {
      if (bytes == StackSlot.BYTES) {
        return slot.value();
      }
      if (in.strict()) {
        throw new Fault(
            "reads %d bytes of a pointer that was saved on the stack".formatted(bytes),
            "read it whole");
      }
      return Scalar.of(ScalarRange.loaded(bytes, false));
    }
    if (slot.isSavedScalar() && from == 0 && bytes <= slot.savedBytes()) {
      Scalar saved = (Scalar) slot.value();
      return bytes == StackSlot.BYTES || saved.range().fits(bytes * Byte.SIZE)
          ? saved
          : new Scalar(saved.range().truncated(bytes), saved.demand());
    }
    if (slot.isZero(from, bytes)) {
      return Scalar.constant(0);
    }
    return Scalar.of(ScalarRange.loaded(bytes, false));
  }

  /** From somewhere between two ends: known only when all of it is 0. */
  private RegisterState gather(StackFrame frame, Pointer base, int offset, int bytes) {
    int from = (int) (base.offset() + offset + base.variable().smin());
    int to = (int) (base.offset() + offset + base.variable().smax()) + bytes;
    markRead(frame, from, to - from);
    boolean zero = true;
    for (int at = from; at < to && zero; at++) {
      zero = frame.slot(StackFrame.slotOf(at)).isZero(at & StackSlot.BYTES - 1, 1);
    }
    return zero ? Scalar.constant(0) : Scalar.of(ScalarRange.loaded(bytes, false));
  }

  /** To somewhere between two ends: all of it may have changed, none of it must have. */
  private void scatter(StackFrame frame, Pointer base, int offset, int bytes, RegisterState value) {
    int from = (int) (base.offset() + offset + base.variable().smin());
    int to = (int) (base.offset() + offset + base.variable().smax()) + bytes;
    boolean zero = value instanceof Scalar number && number.range().isZero();
    if (zero) {
      ((Scalar) value).demand().raise();
    }
    for (int at = from; at < to; at++) {
      int index = StackFrame.slotOf(at);
      StackSlot slot = frame.slot(index);
      int in8 = at & StackSlot.BYTES - 1;
      StackSlot changed = slot.write(in8, 1, zero && slot.isZero(in8, 1));
      // what was there may still be there, so who reads it reads that, too
      frame.setSlot(
          index,
          new StackSlot(
              0,
              changed.zero(),
              changed.written(),
              Unwritten.UNWRITTEN,
              new Demand(slot.read(), null)));
    }
  }

  private static void writeBytes(StackFrame frame, int at, int bytes, boolean zero) {
    for (int done = 0; done < bytes; ) {
      int from = at + done & StackSlot.BYTES - 1;
      int now = Math.min(StackSlot.BYTES - from, bytes - done);
      int index = StackFrame.slotOf(at + done);
      frame.setSlot(index, frame.slot(index).write(from, now, zero));
      done += now;
    }
  }

  private static void markRead(StackFrame frame, int at, int bytes) {
    for (int i = 0; i < bytes; i++) {
      frame.slot(StackFrame.slotOf(at + i)).read().raise();
    }
  }
}
