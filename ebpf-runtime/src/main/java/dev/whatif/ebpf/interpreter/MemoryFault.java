package dev.whatif.ebpf.interpreter;

/** A program did what a verified program does not do; the run has ended at that instruction. */
public final class MemoryFault extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final int slot;

  MemoryFault(int slot, String what) {
    super("slot %d: %s".formatted(slot, what));
    this.slot = slot;
  }

  /** The instruction that did it. */
  public int slot() {
    return slot;
  }
}
