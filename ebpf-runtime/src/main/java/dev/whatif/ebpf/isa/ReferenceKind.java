package dev.whatif.ebpf.isa;

import java.util.List;

/**
 * What the kernel puts into a register in place of a 64-bit constant when it loads a program (RFC
 * 9669 section 5.4; {@code BPF_PSEUDO_*} in include/uapi/linux/bpf.h). The code is the source
 * register of the encoding.
 */
public enum ReferenceKind {
  /** The map whose file descriptor is the first number. */
  MAP(1, "map_fd", false),
  /** The first value of that map plus the second number. */
  MAP_VALUE(2, "map_value", true),
  /** The variable with that BTF id in the BTF object whose file descriptor is the second number. */
  VARIABLE(3, "btf_id", true),
  /** The function of this program at a slot counted from the next one. */
  FUNCTION(4, "func", false),
  /** The map with that index in the list of file descriptors given at load. */
  MAP_INDEX(5, "map_idx", false),
  /** The first value of that map plus the second number. */
  MAP_INDEX_VALUE(6, "map_idx_value", true);

  private static final List<ReferenceKind> ALL = List.of(values());

  private final int code;
  private final String mnemonic;
  private final boolean hasSecond;

  ReferenceKind(int code, String mnemonic, boolean hasSecond) {
    this.code = code;
    this.mnemonic = mnemonic;
    this.hasSecond = hasSecond;
  }

  /** Whether the second slot carries a number, too. */
  public boolean hasSecond() {
    return hasSecond;
  }

  /** The number in the source register field, 1 to 6. */
  int code() {
    return code;
  }

  /** The name in the conformance text (whatif's own: the suite has none). */
  String mnemonic() {
    return mnemonic;
  }

  /** Whether there is a kind of that code. */
  static boolean exists(int code) {
    return code >= 1 && code <= ALL.size();
  }

  /** The kind of a code. */
  static ReferenceKind of(int code) {
    return ALL.get(code - 1);
  }
}
