package dev.whatif.core.unwind;

/**
 * The integer registers of a thread, by their DWARF numbers (x86-64 psABI, figure 3.36): 0 rax, 1
 * rdx, 2 rcx, 3 rbx, 4 rsi, 5 rdi, 6 rbp, 7 rsp, 8-15 r8-r15, 16 rip.
 *
 * <p>The order is not that of {@code perf_event_open} ({@code PERF_REG_X86_AX, BX, CX, DX...}) nor
 * that of {@code struct user_regs_struct}. A register may be unknown. Confined to one thread.
 */
public final class Registers {

  public static final int RAX = 0;
  public static final int RDX = 1;
  public static final int RCX = 2;
  public static final int RBX = 3;
  public static final int RSI = 4;
  public static final int RDI = 5;
  public static final int RBP = 6;
  public static final int RSP = 7;
  public static final int R8 = 8;
  public static final int RIP = 16;

  /** Number of registers. */
  public static final int COUNT = 17;

  private final long[] values = new long[COUNT];
  private int known;

  /** All unknown. */
  public Registers() {}

  /** The value of a register; meaningless when it is not known. */
  public long get(int register) {
    return values[register];
  }

  /** Sets a register, which is known from then on. */
  public void set(int register, long value) {
    values[register] = value;
    known |= 1 << register;
  }

  /** Makes a register unknown. */
  public void forget(int register) {
    known &= ~(1 << register);
  }

  /** Makes all registers unknown. */
  public void clear() {
    known = 0;
  }

  /** Whether a value has been set. */
  public boolean isKnown(int register) {
    return (known & (1 << register)) != 0;
  }

  /** Bit n is set when register n is known. */
  public int knownMask() {
    return known;
  }

  /** Takes over all values, and what is unknown. */
  public void copyFrom(Registers other) {
    System.arraycopy(other.values, 0, values, 0, COUNT);
    known = other.known;
  }
}
