package dev.whatif.core.elf;

import dev.whatif.core.failure.BadDataException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * A bounds-checked little-endian reader over a piece of a file.
 *
 * <p>Reading past the end throws {@link BadDataException} naming the piece and the offset, never
 * anything else, so that parsers of hostile data need no checks of their own beyond loops and
 * counts. Not safe for use by several threads.
 */
public final class ByteCursor {

  private static final ValueLayout.OfShort U16 =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt U32 =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong U64 =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final MemorySegment bytes;
  private final String name;
  private final long size;
  private long position;

  /**
   * A cursor at the beginning of some bytes.
   *
   * @param bytes what to read
   * @param name what to call them in errors, for example {@code /usr/bin/redis-server: .debug_line}
   */
  public ByteCursor(MemorySegment bytes, String name) {
    this.bytes = bytes;
    this.name = name;
    this.size = bytes.byteSize();
  }

  /** What the bytes are called in errors. */
  public String name() {
    return name;
  }

  /** Offset of the next byte to be read. */
  public long position() {
    return position;
  }

  /** Number of bytes in all. */
  public long size() {
    return size;
  }

  /** Number of bytes not read yet. */
  public long remaining() {
    return size - position;
  }

  /** Whether there is something left. */
  public boolean hasRemaining() {
    return position < size;
  }

  /** Moves to an absolute offset, which may be the end. */
  public ByteCursor seek(long offset) {
    if (offset < 0 || offset > size) {
      throw malformed(
          "offset 0x"
              + Long.toHexString(offset)
              + " lies outside its 0x"
              + Long.toHexString(size)
              + " bytes");
    }
    position = offset;
    return this;
  }

  /** Moves forward. */
  public ByteCursor skip(long count) {
    require(count);
    position += count;
    return this;
  }

  /** Unsigned byte. */
  public int u8() {
    require(1);
    return bytes.get(ValueLayout.JAVA_BYTE, position++) & 0xff;
  }

  /** Signed byte. */
  public byte s8() {
    return (byte) u8();
  }

  /** Unsigned 16-bit number. */
  public int u16() {
    require(2);
    int value = bytes.get(U16, position) & 0xffff;
    position += 2;
    return value;
  }

  /** Unsigned 24-bit number (DWARF 5 strx3, addrx3). */
  public int u24() {
    return u16() | u8() << 16;
  }

  /** Unsigned 32-bit number. */
  public long u32() {
    return s32() & 0xffff_ffffL;
  }

  /** Signed 32-bit number. */
  public int s32() {
    require(4);
    int value = bytes.get(U32, position);
    position += 4;
    return value;
  }

  /** 64-bit number. */
  public long u64() {
    require(8);
    long value = bytes.get(U64, position);
    position += 8;
    return value;
  }

  /** Unsigned little-endian number of 1, 2, 4 or 8 bytes. */
  public long unsigned(int width) {
    return switch (width) {
      case 1 -> u8();
      case 2 -> u16();
      case 4 -> u32();
      case 8 -> u64();
      default -> throw malformed("a number of " + width + " bytes");
    };
  }

  /** Unsigned LEB128 (DWARF 5, 7.6); bits beyond 64 are dropped, more than 16 bytes are refused. */
  public long uleb() {
    long result = 0;
    for (int shift = 0; shift < 16 * 7; shift += 7) {
      int b = u8();
      if (shift < 64) {
        result |= (long) (b & 0x7f) << shift;
      }
      if ((b & 0x80) == 0) {
        return result;
      }
    }
    throw malformed("a LEB128 number of more than 16 bytes");
  }

  /** Signed LEB128 (DWARF 5, 7.6). */
  public long sleb() {
    long result = 0;
    for (int shift = 0; shift < 16 * 7; shift += 7) {
      int b = u8();
      if (shift < 64) {
        result |= (long) (b & 0x7f) << shift;
      }
      if ((b & 0x80) == 0) {
        int used = shift + 7;
        return (b & 0x40) != 0 && used < 64 ? result | -1L << used : result;
      }
    }
    throw malformed("a LEB128 number of more than 16 bytes");
  }

  /** Zero-terminated UTF-8 text; leaves the cursor behind the terminator. */
  public String cString() {
    return cString(Long.MAX_VALUE);
  }

  /**
   * The same for text that is short in every honest file: many references into one long string
   * would otherwise cost memory out of proportion to the file.
   *
   * @param most bytes before the terminator
   */
  public String cString(long most) {
    long end = position;
    while (true) {
      if (end >= size) {
        throw malformed("a string without an end");
      }
      if (end - position > most) {
        throw malformed("a string of more than " + most + " bytes");
      }
      if (bytes.get(ValueLayout.JAVA_BYTE, end) == 0) {
        break;
      }
      end++;
    }
    byte[] text = bytes.asSlice(position, end - position).toArray(ValueLayout.JAVA_BYTE);
    position = end + 1;
    return new String(text, StandardCharsets.UTF_8);
  }

  /** Moves behind the next zero byte. */
  public void skipCString() {
    while (u8() != 0) {
      // the terminator ends it, or the end of the bytes does
    }
  }

  /** The next bytes as a view, not a copy; moves behind them. */
  public MemorySegment take(long count) {
    require(count);
    MemorySegment slice = bytes.asSlice(position, count);
    position += count;
    return slice;
  }

  /** A cursor over the next bytes, at its own position 0; moves this one behind them. */
  public ByteCursor sub(long count, String subName) {
    return new ByteCursor(take(count), subName);
  }

  /** The error for damage found at the current position. */
  public BadDataException malformed(String what) {
    return new BadDataException(name + ": " + what + " at offset 0x" + Long.toHexString(position));
  }

  private void require(long count) {
    if (count < 0 || count > size - position) {
      throw malformed("needs " + count + " more bytes but has " + (size - position));
    }
  }
}
