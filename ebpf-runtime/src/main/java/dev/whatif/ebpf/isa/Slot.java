package dev.whatif.ebpf.isa;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The basic 64-bit encoding of an instruction (RFC 9669 section 3), little-endian.
 *
 * <pre>
 *   byte 0    1                2..3     4..7
 *   opcode    src:4 | dst:4    offset   imm
 * </pre>
 *
 * <p>Linking and relocation patch slots without asking what they mean; meaning is for decoded
 * instructions.
 *
 * @param opcode 0 to 255
 * @param dst the number in the low four bits of byte 1
 * @param src the number in the high four bits of byte 1
 * @param offset signed
 * @param imm signed
 */
public record Slot(int opcode, int dst, int src, short offset, int imm) {

  /** Bytes of a slot. */
  public static final int BYTES = 8;

  /** The slot as it lies in memory, read as a little-endian number. */
  public static Slot of(long bits) {
    return new Slot(
        (int) (bits & 0xff),
        (int) (bits >>> 8 & 0xf),
        (int) (bits >>> 12 & 0xf),
        (short) (bits >>> 16),
        (int) (bits >>> 32));
  }

  /** The inverse of {@link #of}. */
  public long bits() {
    return opcode & 0xffL
        | (dst & 0xfL) << 8
        | (src & 0xfL) << 12
        | (offset & 0xffffL) << 16
        | (long) imm << 32;
  }

  /** The slot at an index of a program. */
  public static Slot at(byte[] program, int index) {
    return of(little(program).getLong(index * BYTES));
  }

  /** Writes this slot at an index of a program. */
  public void put(byte[] program, int index) {
    little(program).putLong(index * BYTES, bits());
  }

  private static ByteBuffer little(byte[] program) {
    return ByteBuffer.wrap(program).order(ByteOrder.LITTLE_ENDIAN);
  }
}
