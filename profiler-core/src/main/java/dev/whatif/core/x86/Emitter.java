package dev.whatif.core.x86;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Appends x86-64 instructions that will run at a known address.
 *
 * <p>{@code address} parameters are places in the memory of the process that will run the code;
 * they must lie within 2 GiB of the instruction, because they are written as 32-bit distances.
 * Confined to one thread.
 */
public final class Emitter {

  private static final int REX = 0x40;
  private static final int REX_W = 0x48;

  /** The ModRM byte's "memory at rip + 32-bit displacement" (mod 0, rm 5). */
  private static final int RIP_RELATIVE = 5;

  private final long base;
  private ByteBuffer code = ByteBuffer.allocate(256).order(ByteOrder.LITTLE_ENDIAN);

  /** An emitter whose first byte will lie at an address. */
  public Emitter(long base) {
    this.base = base;
  }

  /** Where the next byte will lie. */
  public long address() {
    return base + code.position();
  }

  /** The bytes so far. */
  public byte[] bytes() {
    byte[] result = new byte[code.position()];
    code.get(0, result);
    return result;
  }

  /** {@code syscall}: changes rax, rcx and r11; the kernel gives the flags back as they were. */
  public Emitter syscall() {
    return bytes(0x0f, 0x05);
  }

  /** {@code ret}. */
  public Emitter ret() {
    return bytes(0xc3);
  }

  /**
   * {@code mov register, value}, with the shortest form that holds the value; leaves the flags
   * alone (unlike {@code xor register, register}).
   */
  public Emitter move(Register to, long value) {
    if (value >>> 32 == 0) {
      if (to.high() != 0) {
        bytes(REX | to.high());
      }
      bytes(0xb8 | to.low());
      return number32((int) value);
    }
    if (value == (int) value) {
      bytes(REX_W | to.high(), 0xc7, 0xc0 | to.low());
      return number32((int) value);
    }
    bytes(REX_W | to.high(), 0xb8 | to.low());
    return number64(value);
  }

  /** {@code mov to, from}; leaves the flags alone. */
  public Emitter move(Register to, Register from) {
    return bytes(REX_W | from.high() << 2 | to.high(), 0x89, 0xc0 | from.low() << 3 | to.low());
  }

  /** {@code mov register, [address]}, 64 bits; leaves the flags alone. */
  public Emitter load(Register to, long address) {
    return memory(REX_W, 0x8b, to.ordinal(), address);
  }

  /** {@code mov [address], register}, 64 bits; leaves the flags alone. */
  public Emitter store(long address, Register from) {
    return memory(REX_W, 0x89, from.ordinal(), address);
  }

  /** {@code lea register, [address]}: the address itself; leaves the flags alone. */
  public Emitter loadAddress(Register to, long address) {
    return memory(REX_W, 0x8d, to.ordinal(), address);
  }

  /** {@code lock inc qword [address]}: atomic among all threads and processes that map it. */
  public Emitter atomicIncrement(long address) {
    bytes(0xf0);
    return memory(REX_W, 0xff, 0, address);
  }

  /** {@code cmp register, value}, 64 bits against a sign-extended 32-bit value. */
  public Emitter compare(Register register, int value) {
    bytes(REX_W | register.high(), 0x81, 0xf8 | register.low());
    return number32(value);
  }

  /** {@code jmp [address]}: to where the 8 bytes there say; leaves the flags alone. */
  public Emitter jumpThrough(long address) {
    return memory(0, 0xff, 4, address);
  }

  /** {@code jmp label}. */
  public Emitter jump(Label to) {
    bytes(0xe9);
    return displacement(to);
  }

  /** A conditional jump. */
  public Emitter jumpIf(Condition condition, Label to) {
    bytes(0x0f, 0x80 | condition.ordinal());
    return displacement(to);
  }

  /** The next instruction is where this label's jumps lead. */
  public Emitter bind(Label label) {
    if (label.offset != Label.UNBOUND) {
      throw new IllegalStateException("a label is bound once");
    }
    label.offset = code.position();
    for (int at : label.waiting) {
      code.putInt(at, label.offset - (at + Integer.BYTES));
    }
    label.waiting.clear();
    return this;
  }

  /** Fills up with {@code int3}, which nothing may reach, to a multiple of a power of two. */
  public Emitter align(int multiple) {
    while ((address() & multiple - 1) != 0) {
      bytes(0xcc);
    }
    return this;
  }

  /** Eight bytes of data, little-endian. */
  public Emitter number64(long value) {
    room(Long.BYTES);
    code.putLong(value);
    return this;
  }

  /** Bytes of data. */
  public Emitter data(byte[] bytes) {
    room(bytes.length);
    code.put(bytes);
    return this;
  }

  private Emitter displacement(Label to) {
    int at = code.position();
    if (to.offset == Label.UNBOUND) {
      to.waiting.add(at);
      return number32(0);
    }
    return number32(to.offset - (at + Integer.BYTES));
  }

  /** An instruction whose operand in memory is the last thing in it. */
  private Emitter memory(int rex, int opcode, int register, long address) {
    int prefix = rex | (register >> 3) << 2;
    if (prefix != 0) {
      bytes(prefix);
    }
    bytes(opcode, (register & 7) << 3 | RIP_RELATIVE);
    long distance = address - (address() + Integer.BYTES);
    if (distance != (int) distance) {
      throw new IllegalArgumentException(
          "0x%x is not within 2 GiB of 0x%x".formatted(address, address()));
    }
    return number32((int) distance);
  }

  private Emitter number32(int value) {
    room(Integer.BYTES);
    code.putInt(value);
    return this;
  }

  private Emitter bytes(int... values) {
    room(values.length);
    for (int value : values) {
      code.put((byte) value);
    }
    return this;
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
