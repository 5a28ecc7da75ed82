package dev.whatif.ebpf.object;

/**
 * A function in a code section: what libbpf calls a program, whether it is one or only called by
 * one.
 *
 * @param start slot in the section
 * @param slots its length
 */
record Function(String name, CodeSection section, int start, int slots, ObjectSymbol symbol) {

  int end() {
    return start + slots;
  }

  @Override
  public boolean equals(Object other) {
    return this == other;
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(this);
  }

  @Override
  public String toString() {
    return name;
  }
}
