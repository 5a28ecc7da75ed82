package dev.whatif.ebpf.btf;

/**
 * What a CO-RE relocation asks of the target's types (include/uapi/linux/bpf.h, {@code enum
 * bpf_core_relo_kind}); the ordinal is the number.
 */
public enum CoreRelocationKind {
  FIELD_BYTE_OFFSET,
  FIELD_BYTE_SIZE,
  FIELD_EXISTS,
  FIELD_SIGNED,
  FIELD_LSHIFT_U64,
  FIELD_RSHIFT_U64,
  TYPE_ID_LOCAL,
  TYPE_ID_TARGET,
  TYPE_EXISTS,
  TYPE_SIZE,
  ENUMVAL_EXISTS,
  ENUMVAL_VALUE,
  TYPE_MATCHES;

  private static final CoreRelocationKind[] ALL = values();
  static final int COUNT = ALL.length;

  /** The number in a record. */
  public int number() {
    return ordinal();
  }

  static CoreRelocationKind of(int number) {
    return ALL[number];
  }
}
