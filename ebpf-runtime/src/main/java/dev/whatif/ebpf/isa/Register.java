package dev.whatif.ebpf.isa;

import java.util.List;

/**
 * One of the eleven registers (RFC 9669 section 4.1.1 and the psABI): r0 holds results, r1 to r5
 * arguments, r6 to r9 survive calls, r10 is the read-only frame pointer.
 */
public enum Register implements Operand {
  R0,
  R1,
  R2,
  R3,
  R4,
  R5,
  R6,
  R7,
  R8,
  R9,
  R10;

  private static final List<Register> ALL = List.of(values());

  /** The number in the encoding, 0 to 10. */
  public int number() {
    return ordinal();
  }

  /** Whether a number is one of a register; the encoding has room for 16. */
  public static boolean exists(int number) {
    return number >= 0 && number < ALL.size();
  }

  /**
   * The register of a number.
   *
   * @throws IndexOutOfBoundsException when there is none
   */
  public static Register of(int number) {
    return ALL.get(number);
  }
}
