package dev.whatif.core.unwind;

/**
 * The bytes of an {@link UnwindTable}: one layout for every reader, in Java, in a kernel BPF
 * program or in code inside a target. All numbers are little-endian.
 *
 * <pre>
 *  0         4         8                   16        20        24        28        32        36        40
 * +---------+---------+-------------------+---------+---------+---------+---------+---------+---------+----
 * | magic   | version | base address      | number  | number  | rows    | rules   | expr.   | expr.   | 0
 * |         |         | (of the file)     | of rows | of rules| begin   | begin   | begin   | bytes   | ..64
 * +---------+---------+-------------------+---------+---------+---------+---------+---------+---------+----
 *
 * rows, 8 bytes each, sorted by the unsigned pc offset; a row holds up to the next one:
 * +--------------------+------------+
 * | pc - base  (u32)   | rule (u32) |      rule 0: no information about this code
 * +--------------------+------------+
 *
 * rules, 64 bytes each:
 *  0      1      2      4          8          12         16                     24               56     64
 * +------+------+------+----------+----------+----------+----------------------+----------------+------+
 * | CFA  | CFA  | flags| CFA      | CFA      | more     | kind of each of      | value (s32) of | 0    |
 * | kind | reg. | u16  | offset   | second   | rules at | RA rsp rbx rbp       | each of them   |      |
 * | u8   | u8   |      | s32      | s32      | u32      | r12 r13 r14 r15 (u8) | (8 * 4 bytes)  |      |
 * +------+------+------+----------+----------+----------+----------------------+----------------+------+
 *
 * expressions, at byte offsets from their begin:   u16 length, then DWARF expression bytes
 * further rules (of other registers):              u16 count, then count * { u8 register, u8 kind, s32 value }
 * </pre>
 *
 * <p>The CFA (canonical frame address, DWARF 5, section 6.4) is the caller's stack pointer. A BPF
 * program that evaluates every kind but the expressions unwinds all that compilers emit; {@code
 * UnwindTableTest} counts what is left in real libraries.
 */
public final class UnwindTableLayout {

  /** "WUNW". */
  public static final int MAGIC = 0x574e5557;

  public static final int VERSION = 1;

  public static final int MAGIC_OFFSET = 0;
  public static final int VERSION_OFFSET = MAGIC_OFFSET + Integer.BYTES;
  public static final int BASE_OFFSET = VERSION_OFFSET + Integer.BYTES;
  public static final int ROW_COUNT_OFFSET = BASE_OFFSET + Long.BYTES;
  public static final int RULE_COUNT_OFFSET = ROW_COUNT_OFFSET + Integer.BYTES;
  public static final int ROWS_BEGIN_OFFSET = RULE_COUNT_OFFSET + Integer.BYTES;
  public static final int RULES_BEGIN_OFFSET = ROWS_BEGIN_OFFSET + Integer.BYTES;
  public static final int EXPRESSIONS_BEGIN_OFFSET = RULES_BEGIN_OFFSET + Integer.BYTES;
  public static final int EXPRESSIONS_BYTES_OFFSET = EXPRESSIONS_BEGIN_OFFSET + Integer.BYTES;
  public static final int HEADER_BYTES = 64;

  public static final int ROW_PC_OFFSET = 0;
  public static final int ROW_RULE_OFFSET = ROW_PC_OFFSET + Integer.BYTES;
  public static final int ROW_BYTES = ROW_RULE_OFFSET + Integer.BYTES;

  public static final int RULE_CFA_KIND_OFFSET = 0;
  public static final int RULE_CFA_REGISTER_OFFSET = RULE_CFA_KIND_OFFSET + 1;
  public static final int RULE_FLAGS_OFFSET = RULE_CFA_REGISTER_OFFSET + 1;
  public static final int RULE_CFA_VALUE_OFFSET = RULE_FLAGS_OFFSET + Short.BYTES;
  public static final int RULE_CFA_SECOND_OFFSET = RULE_CFA_VALUE_OFFSET + Integer.BYTES;
  public static final int RULE_MORE_OFFSET = RULE_CFA_SECOND_OFFSET + Integer.BYTES;
  public static final int RULE_KINDS_OFFSET = RULE_MORE_OFFSET + Integer.BYTES;

  /** Registers with a place of their own in a rule: RA, rsp, rbx, rbp, r12-r15. */
  public static final int RULE_REGISTERS = 8;

  public static final int RULE_VALUES_OFFSET = RULE_KINDS_OFFSET + RULE_REGISTERS;
  public static final int RULE_BYTES = 64;

  public static final int MORE_REGISTER_OFFSET = 0;
  public static final int MORE_KIND_OFFSET = 1;
  public static final int MORE_VALUE_OFFSET = 2;
  public static final int MORE_BYTES = MORE_VALUE_OFFSET + Integer.BYTES;

  /** The rule of code about which nothing is known. */
  public static final int NO_RULE = 0;

  /** The frame belongs to a signal: the one above was interrupted, not calling. */
  public static final int FLAG_SIGNAL_FRAME = 1;

  /** The return address is undefined: there is no caller. */
  public static final int FLAG_OUTERMOST = 2;

  /** No CFA: rule 0, and functions whose description defines none. */
  public static final int CFA_NONE = 0;

  /** register + value. */
  public static final int CFA_REGISTER = 1;

  /** The 8 bytes at (register + value), plus second: realigned stacks, {@code __restore_rt}. */
  public static final int CFA_MEMORY = 2;

  /**
   * register + value + ((rip &amp; 15) &gt;= second ? 8 : 0): the linker's lazy PLT (x86-64 psABI,
   * binutils {@code elf_x86_64_eh_frame_lazy_plt}).
   */
  public static final int CFA_PLT = 3;

  /** The result of the expression at value. */
  public static final int CFA_EXPRESSION = 4;

  /** The register keeps its value. */
  public static final int SAME = 0;

  /** The register's value is lost. */
  public static final int UNDEFINED = 1;

  /** Saved at CFA + value. */
  public static final int AT_CFA = 2;

  /** It is CFA + value. */
  public static final int IS_CFA = 3;

  /** It is in the register whose number is the value. */
  public static final int IN_REGISTER = 4;

  /** Saved at register (low 8 bits of the value) + offset (the signed upper 24 bits). */
  public static final int AT_REGISTER = 5;

  /** Saved where the expression at value says; the CFA is on its stack at the begin. */
  public static final int AT_EXPRESSION = 6;

  /** It is the result of the expression at value; the CFA is on its stack at the begin. */
  public static final int IS_EXPRESSION = 7;

  /** DWARF numbers of the registers that have a place in a rule, in its order. */
  private static final byte[] REGISTER_AT = {16, 7, 3, 6, 12, 13, 14, 15};

  private UnwindTableLayout() {}

  /** The DWARF number of the register at a place 0-7 of a rule. */
  public static int registerAt(int place) {
    return REGISTER_AT[place];
  }
}
