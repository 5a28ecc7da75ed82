package dev.whatif.core.x86;

import java.util.BitSet;
import java.util.function.Consumer;

/**
 * Appends x86-64 instructions that will run at a known address, or, where every reference is to a
 * {@link Label}, anywhere.
 *
 * <p>{@code address} parameters are places in the memory of the process that will run the code;
 * they must lie within 2 GiB of the instruction, because they are written as 32-bit distances.
 * Jumps take 32-bit distances, too, unless the code is {@link #shortest laid out} in passes.
 * Confined to one thread.
 */
public final class Emitter extends Operations<Emitter> {

  private static final int INT3 = 0xcc;

  /** Shorter jumps, by their number in the order of emission, have been found not to reach. */
  private final BitSet longJumps;

  private final boolean shortensJumps;
  private int jumps;
  private boolean fits = true;

  /** Addresses of the code that no-operations fill, by their length (Intel SDM, volume 2, NOP). */
  private static final int[][] NOPS = {
    {0x90},
    {0x66, 0x90},
    {0x0f, 0x1f, 0x00},
    {0x0f, 0x1f, 0x40, 0x00},
    {0x0f, 0x1f, 0x44, 0x00, 0x00},
    {0x66, 0x0f, 0x1f, 0x44, 0x00, 0x00},
    {0x0f, 0x1f, 0x80, 0x00, 0x00, 0x00, 0x00},
    {0x0f, 0x1f, 0x84, 0x00, 0x00, 0x00, 0x00, 0x00},
    {0x66, 0x0f, 0x1f, 0x84, 0x00, 0x00, 0x00, 0x00, 0x00}
  };

  /** An emitter whose first byte will lie at an address. */
  public Emitter(long base) {
    this(base, false, new BitSet());
  }

  private Emitter(long base, boolean shortensJumps, BitSet longJumps) {
    super(base);
    this.shortensJumps = shortensJumps;
    this.longJumps = longJumps;
  }

  /**
   * Code whose jumps are as short as their distances allow: written again and again, each time with
   * long jumps where short ones did not reach the last time. Once long they stay so, and hence it
   * ends.
   *
   * @param writer writes the same each time, with labels of its own each time
   * @return what was written last
   */
  public static byte[] shortest(long base, Consumer<Emitter> writer) {
    BitSet longJumps = new BitSet();
    while (true) {
      Emitter emitter = new Emitter(base, true, longJumps);
      writer.accept(emitter);
      if (emitter.fits) {
        return emitter.bytes();
      }
    }
  }

  @Override
  Emitter self() {
    return this;
  }

  /** Bytes so far. */
  public int offset() {
    return code.position();
  }

  /** {@code syscall}: changes rax, rcx and r11; the kernel gives the flags back as they were. */
  public Emitter syscall() {
    return raw(0x0f, 0x05);
  }

  /** {@code ret}. */
  public Emitter ret() {
    return raw(0xc3);
  }

  /** {@code leave}: {@code mov rsp, rbp; pop rbp}. */
  public Emitter leave() {
    return raw(0xc9);
  }

  /** {@code jmp [address]}: to where the 8 bytes there say; leaves the flags alone. */
  public Emitter jumpThrough(long address) {
    return instruction(OperandSize.BITS32, 0xff, 4, address);
  }

  /** {@code jmp register}: to the address in it. */
  public Emitter jump(Register to) {
    return group(OperandSize.BITS32, 0xff, 4, to);
  }

  /** {@code call register}: the address in it. */
  public Emitter call(Register to) {
    return group(OperandSize.BITS32, 0xff, 2, to);
  }

  /** {@code call label}. */
  public Emitter call(Label to) {
    raw(0xe8);
    return distance32(to);
  }

  /** {@code call [label]}: where the 8 bytes there say. */
  public Emitter callThrough(Label to) {
    relative(OperandSize.BITS32, 0xff, 2);
    return distance32(to);
  }

  /** {@code mov register, [label]}, 64 bits; leaves the flags alone. */
  public Emitter load(Register to, Label from) {
    relative(OperandSize.BITS64, 0x8b, to.ordinal());
    return distance32(from);
  }

  /** {@code lea register, [label]}: its address; leaves the flags alone. */
  public Emitter loadAddress(Register to, Label label) {
    relative(OperandSize.BITS64, 0x8d, to.ordinal());
    return distance32(label);
  }

  /** {@code jmp label}. */
  public Emitter jump(Label to) {
    if (isShort()) {
      raw(0xeb);
      return distance8(to);
    }
    raw(0xe9);
    return distance32(to);
  }

  /** A conditional jump. */
  public Emitter jumpIf(Condition condition, Label to) {
    if (isShort()) {
      raw(0x70 | condition.ordinal());
      return distance8(to);
    }
    raw(0x0f, 0x80 | condition.ordinal());
    return distance32(to);
  }

  /** The next instruction is where this label's jumps lead. */
  public Emitter bind(Label label) {
    if (label.offset != Label.UNBOUND) {
      throw new IllegalStateException("a label is bound once");
    }
    label.offset = code.position();
    for (int at : label.waiting) {
      code.set32(at, label.offset - (at + Integer.BYTES));
    }
    label.waiting.clear();
    for (Label.ShortJump jump : label.waitingShort) {
      setDistance8(jump, label.offset);
    }
    label.waitingShort.clear();
    return this;
  }

  /** Fills up with {@code int3}, which nothing may reach, to a multiple of a power of two. */
  public Emitter align(int multiple) {
    while ((address() & multiple - 1) != 0) {
      raw(INT3);
    }
    return this;
  }

  /** Fills up with no-operations, the longest that fit, to a multiple of a power of two. */
  public Emitter alignReachable(int multiple) {
    int missing = (int) (-address() & multiple - 1);
    while (missing > 0) {
      int length = Math.min(missing, NOPS.length);
      raw(NOPS[length - 1]);
      missing -= length;
    }
    return this;
  }

  private boolean isShort() {
    return shortensJumps && !longJumps.get(jumps++);
  }

  private Emitter distance8(Label to) {
    Label.ShortJump jump = new Label.ShortJump(jumps - 1, code.position());
    code.put(0);
    if (to.offset == Label.UNBOUND) {
      to.waitingShort.add(jump);
    } else {
      setDistance8(jump, to.offset);
    }
    return this;
  }

  private void setDistance8(Label.ShortJump jump, int target) {
    int distance = target - (jump.at() + 1);
    if (distance != (byte) distance) {
      longJumps.set(jump.number());
      fits = false;
    }
    code.set(jump.at(), distance);
  }

  private Emitter distance32(Label to) {
    int at = code.position();
    if (to.offset == Label.UNBOUND) {
      to.waiting.add(at);
      code.put32(0);
    } else {
      code.put32(to.offset - (at + Integer.BYTES));
    }
    return this;
  }
}
