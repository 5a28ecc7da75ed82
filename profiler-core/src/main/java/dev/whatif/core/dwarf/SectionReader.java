package dev.whatif.core.dwarf;

import dev.whatif.core.failure.BadDataException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * A little-endian cursor over a section that works on a small copy of the bytes around it.
 *
 * <p>Debug information is read number by number, millions of them, in a JVM that has just started:
 * a heap array costs a tenth of a mapped segment there, and the copy keeps the memory small however
 * large the section is. Reading past the limit throws {@link BadDataException} naming section and
 * offset, never anything else. Not safe for use by several threads.
 */
final class SectionReader {

  private static final VarHandle U16 =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle U32 =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle U64 =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private final MemorySegment section;
  private final String name;
  private final byte[] buffer;
  private long base;
  private int at;
  private int filled;
  private long limit;

  /**
   * A reader at the beginning of a section.
   *
   * @param bufferBytes how much is copied at once, at least 16
   */
  SectionReader(MemorySegment section, String name, int bufferBytes) {
    this.section = section;
    this.name = name;
    this.buffer = new byte[bufferBytes];
    this.limit = section.byteSize();
  }

  /** Offset of the next byte in the section. */
  long position() {
    return base + at;
  }

  /** Number of bytes in the section. */
  long size() {
    return section.byteSize();
  }

  /** Offset that no read may pass: the section's end unless {@link #limit(long)} said less. */
  long limit() {
    return limit;
  }

  /** Forbids reading past an offset, for example the end of a unit. */
  SectionReader limit(long offset) {
    if (offset < 0 || offset > size()) {
      throw malformed("a piece that ends at 0x" + Long.toHexString(offset));
    }
    long position = position();
    limit = offset;
    filled = (int) Math.max(0, Math.min(filled, offset - base));
    if (at > filled) {
      base = position;
      at = 0;
      filled = 0;
    }
    return this;
  }

  boolean hasRemaining() {
    return position() < limit;
  }

  /** Bytes up to the limit. */
  long remaining() {
    return limit - position();
  }

  SectionReader seek(long offset) {
    if (offset < 0 || offset > limit) {
      throw malformed("a reference to offset 0x" + Long.toHexString(offset));
    }
    long inBuffer = offset - base;
    if (inBuffer >= 0 && inBuffer <= filled) {
      at = (int) inBuffer;
    } else {
      base = offset;
      at = 0;
      filled = 0;
    }
    return this;
  }

  SectionReader skip(long count) {
    if (count >= 0 && count <= filled - at) {
      at += (int) count;
      return this;
    }
    if (count < 0 || count > remaining()) {
      throw malformed("a block of " + count + " bytes");
    }
    return seek(position() + count);
  }

  int u8() {
    if (at == filled) {
      fill(1);
    }
    return buffer[at++] & 0xff;
  }

  int s8() {
    return (byte) u8();
  }

  int u16() {
    if (filled - at < 2) {
      fill(2);
    }
    int value = (short) U16.get(buffer, at) & 0xffff;
    at += 2;
    return value;
  }

  int u24() {
    return u16() | u8() << 16;
  }

  long u32() {
    if (filled - at < 4) {
      fill(4);
    }
    long value = (int) U32.get(buffer, at) & 0xffff_ffffL;
    at += 4;
    return value;
  }

  long u64() {
    if (filled - at < 8) {
      fill(8);
    }
    long value = (long) U64.get(buffer, at);
    at += 8;
    return value;
  }

  /** Unsigned number of 1, 2, 4 or 8 bytes. */
  long unsigned(int width) {
    return switch (width) {
      case 1 -> u8();
      case 2 -> u16();
      case 4 -> u32();
      case 8 -> u64();
      default -> throw malformed("a number of " + width + " bytes");
    };
  }

  /** Unsigned LEB128; bits beyond 64 are dropped, more than 16 bytes are refused. */
  long uleb() {
    int first = u8();
    if (first < 0x80) {
      return first;
    }
    long result = first & 0x7f;
    for (int shift = 7; shift < 16 * 7; shift += 7) {
      int b = u8();
      if (shift < 64) {
        result |= (long) (b & 0x7f) << shift;
      }
      if (b < 0x80) {
        return result;
      }
    }
    throw malformed("a LEB128 number of more than 16 bytes");
  }

  /** Unsigned LEB128 that must fit into 31 bits: an index or a line; others become -1. */
  int ulebInt() {
    long value = uleb();
    return value == (int) value && value >= 0 ? (int) value : -1;
  }

  /** Signed LEB128. */
  long sleb() {
    long result = 0;
    for (int shift = 0; shift < 16 * 7; shift += 7) {
      int b = u8();
      if (shift < 64) {
        result |= (long) (b & 0x7f) << shift;
      }
      if (b < 0x80) {
        int used = shift + 7;
        return (b & 0x40) != 0 && used < 64 ? result | -1L << used : result;
      }
    }
    throw malformed("a LEB128 number of more than 16 bytes");
  }

  /** Zero-terminated UTF-8 text; stops behind the terminator. */
  String cString() {
    long start = position();
    skipCString();
    byte[] text = new byte[(int) Math.min(position() - start - 1, 1 << 20)];
    MemorySegment.copy(section, ValueLayout.JAVA_BYTE, start, text, 0, text.length);
    return new String(text, StandardCharsets.UTF_8);
  }

  void skipCString() {
    while (u8() != 0) {
      // ends at the terminator or, as an error, at the limit
    }
  }

  /** The error for damage found at the current position. */
  BadDataException malformed(String what) {
    return new BadDataException(
        name + ": " + what + " at offset 0x" + Long.toHexString(position()));
  }

  private void fill(int count) {
    long position = position();
    if (count > limit - position) {
      throw malformed("needs " + count + " more bytes but has " + (limit - position));
    }
    base = position;
    at = 0;
    filled = (int) Math.min(buffer.length, limit - position);
    MemorySegment.copy(section, ValueLayout.JAVA_BYTE, position, buffer, 0, filled);
  }
}
