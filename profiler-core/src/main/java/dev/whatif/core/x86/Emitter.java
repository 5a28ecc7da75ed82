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

  /** ModRM rm 4 (rsp, r12) announces a SIB byte; this one says: base without index. */
  private static final int SIB_FOLLOWS = 4;

  private static final int SIB_BASE_ALONE = 0x24;

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

  /** {@code mov to, [base + displacement]}, 64 bits; leaves the flags alone. */
  public Emitter load(Register to, Register base, int displacement) {
    return indirect(REX_W, 0x8b, to.ordinal(), base, displacement);
  }

  /** {@code lea to, [base + displacement]}; leaves the flags alone. */
  public Emitter loadAddress(Register to, Register base, int displacement) {
    return indirect(REX_W, 0x8d, to.ordinal(), base, displacement);
  }

  /** {@code mov dword [base + displacement], value}: 32 bits; leaves the flags alone. */
  public Emitter store32(Register base, int displacement, int value) {
    return indirect(0, 0xc7, 0, base, displacement).number32(value);
  }

  /** {@code cmp register, [base + displacement]}, 64 bits. */
  public Emitter compare(Register register, Register base, int displacement) {
    return indirect(REX_W, 0x3b, register.ordinal(), base, displacement);
  }

  /** {@code cmp dword [base + displacement], value}: 32 bits. */
  public Emitter compare32(Register base, int displacement, int value) {
    return indirect(0, 0x81, 7, base, displacement).number32(value);
  }

  /** {@code shr register, count}, 64 bits. */
  public Emitter shiftRight(Register register, int count) {
    return bytes(REX_W | register.high(), 0xc1, 0xe8 | register.low(), count);
  }

  /** {@code shl register, count}, 64 bits. */
  public Emitter shiftLeft(Register register, int count) {
    return bytes(REX_W | register.high(), 0xc1, 0xe0 | register.low(), count);
  }

  /** {@code and register, value}, 64 bits with a sign-extended 32-bit value. */
  public Emitter and(Register register, int value) {
    return bytes(REX_W | register.high(), 0x81, 0xe0 | register.low()).number32(value);
  }

  /** {@code add to, from}, 64 bits. */
  public Emitter add(Register to, Register from) {
    return bytes(REX_W | from.high() << 2 | to.high(), 0x01, 0xc0 | from.low() << 3 | to.low());
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

  /** An instruction with an operand at a register plus 32 bits; an immediate may follow. */
  private Emitter indirect(int rex, int opcode, int register, Register base, int displacement) {
    int prefix = rex | (register >> 3) << 2 | base.high();
    if (prefix != 0) {
      bytes(REX | prefix);
    }
    bytes(opcode, 0x80 | (register & 7) << 3 | base.low());
    if (base.low() == SIB_FOLLOWS) {
      bytes(SIB_BASE_ALONE);
    }
    return number32(displacement);
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
