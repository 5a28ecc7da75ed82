package dev.whatif.ebpf.verifier;

import dev.whatif.ebpf.verifier.RegisterState.Pointer;
import dev.whatif.ebpf.verifier.RegisterState.Scalar;
import dev.whatif.ebpf.verifier.RegisterState.Unwritten;

/**
 * Eight bytes of a stack, at a multiple of eight. Bit i of a mask is the byte at the i-th address.
 * A byte that is in no mask was never written. Immutable.
 *
 * @param saved bytes that hold the lowest bytes of a register that was saved here
 * @param zero bytes that are 0
 * @param written bytes of which nothing else is known
 * @param value the register; {@link Unwritten} when none was saved
 * @param read whether anybody reads the slot before it is written again
 */
record StackSlot(int saved, int zero, int written, RegisterState value, Demand read) {

  static final int BYTES = 8;
  static final int ALL = 0xff;

  /** A register in the lowest bytes of a slot; the bytes above keep what they were. */
  static StackSlot save(StackSlot before, RegisterState value, int bytes) {
    int mask = (1 << bytes) - 1;
    StackSlot rest = before.withoutSaved();
    Demand read = bytes == BYTES ? new Demand() : new Demand(before.read, null);
    return new StackSlot(mask, rest.zero & ~mask, rest.written & ~mask, value, read);
  }

  static StackSlot unwritten() {
    return new StackSlot(0, 0, 0, Unwritten.UNWRITTEN, new Demand());
  }

  /** Writes bytes from a position: what was saved here is no register any more. */
  StackSlot write(int from, int bytes, boolean zeros) {
    int mask = (1 << bytes) - 1 << from;
    StackSlot rest = withoutSaved();
    return new StackSlot(
        0,
        zeros ? rest.zero | mask : rest.zero & ~mask,
        zeros ? rest.written & ~mask : rest.written | mask,
        Unwritten.UNWRITTEN,
        mask == ALL ? new Demand() : new Demand(read, null));
  }

  boolean isSavedPointer() {
    return saved != 0 && value instanceof Pointer;
  }

  boolean isSavedScalar() {
    return saved != 0 && value instanceof Scalar;
  }

  /** How many bytes of a register are here. */
  int savedBytes() {
    return Integer.bitCount(saved);
  }

  boolean isZero(int from, int bytes) {
    int mask = (1 << bytes) - 1 << from;
    return (zero & mask) == mask;
  }

  StackSlot withValue(RegisterState newValue) {
    return new StackSlot(saved, zero, written, newValue, read);
  }

  private StackSlot withoutSaved() {
    return saved == 0 ? this : new StackSlot(0, zero, written | saved, Unwritten.UNWRITTEN, read);
  }
}
