package dev.whatif.ebpf.isa;

/**
 * A place in code that is still being written, made by {@link CodeBuilder#label}. Belongs to one
 * builder.
 */
public final class Label {

  static final int UNBOUND = -1;

  private final String name;
  private int slot = UNBOUND;

  Label(String name) {
    this.name = name;
  }

  String name() {
    return name;
  }

  int slot() {
    return slot;
  }

  boolean isBound() {
    return slot != UNBOUND;
  }

  void bind(int where) {
    if (isBound()) {
      throw new IllegalArgumentException("label " + name + " is bound already");
    }
    slot = where;
  }
}
