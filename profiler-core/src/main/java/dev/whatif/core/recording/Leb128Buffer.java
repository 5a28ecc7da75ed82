package dev.whatif.core.recording;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A growing byte array in the encodings of JFR: little-endian base 128 numbers of at most nine
 * bytes, big-endian fixed numbers, tagged strings. Not safe for use by several threads.
 */
final class Leb128Buffer {

  /** String tags, {@code jdk.jfr.internal.consumer.StringParser}. */
  private static final int NULL_STRING = 0;

  private static final int UTF8_STRING = 3;

  private static final int LARGEST = Integer.MAX_VALUE - 8;

  private byte[] bytes;
  private int size;

  Leb128Buffer(int capacity) {
    bytes = new byte[capacity];
  }

  int size() {
    return size;
  }

  void clear() {
    size = 0;
  }

  /** Forgets everything behind an offset. */
  void truncate(int newSize) {
    size = newSize;
  }

  /** The content without a copy; valid until the next change. */
  ByteBuffer content() {
    return ByteBuffer.wrap(bytes, 0, size);
  }

  byte[] array() {
    return bytes;
  }

  /** Makes room, so that the next {@code count} bytes need no growth. */
  void reserve(int count) {
    if (bytes.length - size < count) {
      grow(count);
    }
  }

  private void grow(int count) {
    long needed = (long) size + count;
    if (needed > LARGEST) {
      throw new IllegalStateException("a chunk of more than 2 GiB");
    }
    bytes = Arrays.copyOf(bytes, (int) Math.min(Math.max(needed, bytes.length * 2L), LARGEST));
  }

  void u8(int value) {
    reserve(1);
    bytes[size++] = (byte) value;
  }

  /** Nothing but room for something that is known later. */
  void skip(int count) {
    reserve(count);
    Arrays.fill(bytes, size, size + count, (byte) 0);
    size += count;
  }

  void bytes(byte[] more) {
    reserve(more.length);
    System.arraycopy(more, 0, bytes, size, more.length);
    size += more.length;
  }

  void bytes(ByteBuffer more) {
    int count = more.remaining();
    reserve(count);
    more.get(bytes, size, count);
    size += count;
  }

  /** An unsigned number: seven bits a byte, lowest first; the ninth byte holds eight bits. */
  void number(long value) {
    reserve(9);
    byte[] b = bytes;
    int at = size;
    long rest = value;
    for (int i = 0; i < 8; i++) {
      if ((rest & ~0x7fL) == 0) {
        b[at++] = (byte) rest;
        size = at;
        return;
      }
      b[at++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    b[at++] = (byte) rest;
    size = at;
  }

  void flag(boolean value) {
    u8(value ? 1 : 0);
  }

  /** IEEE 754, big-endian. */
  void real(double value) {
    reserve(8);
    ByteBuffer.wrap(bytes, size, 8).putDouble(value);
    size += 8;
  }

  /**
   * Text as UTF-8. The empty string is written as UTF-8 of length 0, never with the tag for
   * "empty", because jfrconv refuses symbols with any other tag than UTF-8.
   */
  void text(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    u8(UTF8_STRING);
    number(utf8.length);
    bytes(utf8);
  }

  void nullText() {
    u8(NULL_STRING);
  }

  /** Writes a number into four bytes reserved before; larger ones than 2^28-1 do not fit. */
  void patchNumber4(int at, int value) {
    if (value >>> 28 != 0) {
      throw new IllegalStateException("an event of " + value + " bytes");
    }
    bytes[at] = (byte) (value | 0x80);
    bytes[at + 1] = (byte) (value >>> 7 | 0x80);
    bytes[at + 2] = (byte) (value >>> 14 | 0x80);
    bytes[at + 3] = (byte) (value >>> 21);
  }

  /** Writes a number below 128 into a byte reserved before. */
  void patchNumber1(int at, int value) {
    bytes[at] = (byte) value;
  }
}
