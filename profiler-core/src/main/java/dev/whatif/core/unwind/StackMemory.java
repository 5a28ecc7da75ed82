package dev.whatif.core.unwind;

/** The part of a thread's memory that an unwinder may look at: usually a copy of its stack. */
public interface StackMemory {

  /**
   * Reads 8 bytes at an address of the target into {@code out[index]}.
   *
   * @return false when these bytes were not captured; {@code out} is unchanged then
   */
  boolean read(long address, long[] out, int index);
}
