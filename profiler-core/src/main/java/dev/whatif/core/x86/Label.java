package dev.whatif.core.x86;

import java.util.ArrayList;
import java.util.List;

/** A place in code that is being emitted; jumps may name it before it is reached. */
public final class Label {

  static final int UNBOUND = -1;

  /**
   * A jump with a distance of 8 bits.
   *
   * @param number in the order of emission
   * @param at offset of the distance in the emitted bytes
   */
  record ShortJump(int number, int at) {}

  /** Offset in the emitted bytes, or {@link #UNBOUND}. */
  int offset = UNBOUND;

  /** Offsets of the 32-bit displacements that wait for it. */
  final List<Integer> waiting = new ArrayList<>();

  /** The short jumps that wait for it. */
  final List<ShortJump> waitingShort = new ArrayList<>();

  /** A place not reached yet. */
  public Label() {}

  /**
   * Where it is, in bytes from the beginning of the code.
   *
   * @throws IllegalStateException when it is not bound yet
   */
  public int offset() {
    if (offset == UNBOUND) {
      throw new IllegalStateException("a label that is not bound");
    }
    return offset;
  }
}
