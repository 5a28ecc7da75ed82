package dev.whatif.core.linux;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * {@code struct user_regs_struct} of {@code <sys/user.h>} on x86-64: the general registers of a
 * stopped thread. Immutable.
 */
public final class UserRegisters {

  /** The registers in the order of the struct, each 8 bytes. */
  public enum Name {
    R15,
    R14,
    R13,
    R12,
    RBP,
    RBX,
    R11,
    R10,
    R9,
    R8,
    RAX,
    RCX,
    RDX,
    RSI,
    RDI,
    /** The number of the system call that the thread is in; -1 when it is in none. */
    ORIG_RAX,
    RIP,
    CS,
    EFLAGS,
    RSP,
    SS,
    FS_BASE,
    GS_BASE,
    DS,
    ES,
    FS,
    GS;

    /** Its offset in the struct, in bytes. */
    public long offset() {
      return ordinal() * (long) Long.BYTES;
    }
  }

  /** {@code sizeof(struct user_regs_struct)}. */
  public static final long BYTES = Name.values().length * (long) Long.BYTES;

  /** The code segment of 64-bit code (__USER_CS, arch/x86/include/asm/segment.h). */
  private static final long USER_CS = 0x33;

  private static final Name[] ARGUMENTS = {
    Name.RDI, Name.RSI, Name.RDX, Name.R10, Name.R8, Name.R9
  };

  private final long[] values;

  private UserRegisters(long[] values) {
    this.values = values;
  }

  /** A copy of a struct in memory. */
  static UserRegisters of(MemorySegment struct) {
    return new UserRegisters(struct.asSlice(0, BYTES).toArray(ValueLayout.JAVA_LONG));
  }

  void store(MemorySegment struct) {
    MemorySegment.copy(values, 0, struct, ValueLayout.JAVA_LONG, 0, values.length);
  }

  /** The value of a register. */
  public long get(Name register) {
    return values[register.ordinal()];
  }

  /** The same with one register changed. */
  public UserRegisters with(Name register, long value) {
    long[] changed = values.clone();
    changed[register.ordinal()] = value;
    return new UserRegisters(changed);
  }

  /** The address of the next instruction. */
  public long rip() {
    return get(Name.RIP);
  }

  /** What a system call returns, or its number before it. */
  public long rax() {
    return get(Name.RAX);
  }

  /** The stack pointer. */
  public long rsp() {
    return get(Name.RSP);
  }

  /** The number of the system call that the thread is in; -1 when it is in none. */
  public long origRax() {
    return get(Name.ORIG_RAX);
  }

  /** Whether the thread executes 64-bit code this moment. */
  public boolean is64Bit() {
    return get(Name.CS) == USER_CS;
  }

  /**
   * The registers for a system call (System V ABI for x86-64, A.2.1): everything else stays.
   *
   * @param instruction the address of a {@code syscall} instruction
   * @param number the number of the call
   * @param arguments at most six
   */
  public UserRegisters forSyscall(long instruction, long number, long... arguments) {
    if (arguments.length > ARGUMENTS.length) {
      throw new IllegalArgumentException(arguments.length + " arguments for a system call");
    }
    long[] changed = values.clone();
    changed[Name.RIP.ordinal()] = instruction;
    changed[Name.RAX.ordinal()] = number;
    // Otherwise the kernel takes rax for the result of an interrupted call and may change rip.
    changed[Name.ORIG_RAX.ordinal()] = -1;
    for (int i = 0; i < arguments.length; i++) {
      changed[ARGUMENTS[i].ordinal()] = arguments[i];
    }
    return new UserRegisters(changed);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof UserRegisters o && Arrays.equals(values, o.values);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(values);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (Name n : Name.values()) {
      text.append(n).append('=').append(Long.toHexString(get(n))).append(' ');
    }
    return text.toString().strip();
  }
}
