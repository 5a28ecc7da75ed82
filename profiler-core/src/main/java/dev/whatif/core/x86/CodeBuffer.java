package dev.whatif.core.x86;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Bytes, little-endian, as many as come. */
final class CodeBuffer {

  private ByteBuffer code = ByteBuffer.allocate(256).order(ByteOrder.LITTLE_ENDIAN);

  int position() {
    return code.position();
  }

  byte[] bytes() {
    byte[] result = new byte[code.position()];
    code.get(0, result);
    return result;
  }

  void put(int value) {
    room(1);
    code.put((byte) value);
  }

  void put(byte[] bytes) {
    room(bytes.length);
    code.put(bytes);
  }

  void put16(int value) {
    room(Short.BYTES);
    code.putShort((short) value);
  }

  void put32(int value) {
    room(Integer.BYTES);
    code.putInt(value);
  }

  void put64(long value) {
    room(Long.BYTES);
    code.putLong(value);
  }

  /** Overwrites a byte. */
  void set(int at, int value) {
    code.put(at, (byte) value);
  }

  /** Overwrites four bytes. */
  void set32(int at, int value) {
    code.putInt(at, value);
  }

  private void room(int count) {
    if (code.remaining() < count) {
      ByteBuffer larger =
          ByteBuffer.allocate(Math.max(code.capacity() * 2, code.position() + count))
              .order(ByteOrder.LITTLE_ENDIAN);
      code = larger.put(code.flip());
    }
  }
}
