package dev.whatif.core.x86;

import java.util.ArrayList;
import java.util.List;

/** A place in code that is being emitted; jumps may name it before it is reached. */
public final class Label {

  static final int UNBOUND = -1;

  /** Offset in the emitted bytes, or {@link #UNBOUND}. */
  int offset = UNBOUND;

  /** Offsets of the 32-bit displacements that wait for it. */
  final List<Integer> waiting = new ArrayList<>();

  /** A place not reached yet. */
  public Label() {}
}
