package dev.whatif.ebpf.btf;

/** The kinds of types (include/uapi/linux/btf.h, {@code BTF_KIND_*}); the ordinal is the number. */
public enum BtfKind {
  VOID,
  INT,
  POINTER,
  ARRAY,
  STRUCT,
  UNION,
  ENUM,
  FORWARD,
  TYPEDEF,
  VOLATILE,
  CONST,
  RESTRICT,
  FUNC,
  FUNC_PROTO,
  VAR,
  DATASEC,
  FLOAT,
  DECL_TAG,
  TYPE_TAG,
  ENUM64;

  private static final BtfKind[] ALL = values();

  /** How many numbers are taken. */
  static final int COUNT = ALL.length;

  /** The number in a type's info word. */
  public int number() {
    return ordinal();
  }

  /** The inverse of {@link #number}; the number must be below {@link #COUNT}. */
  static BtfKind of(int number) {
    return ALL[number];
  }

  /** Bytes behind the 12 that every type has, with {@code vlen} entries. */
  static int tailBytes(int number, int vlen) {
    return switch (ALL[number]) {
      case INT, VAR, DECL_TAG -> 4;
      case ARRAY -> 12;
      case STRUCT, UNION, DATASEC, ENUM64 -> 12 * vlen;
      case ENUM, FUNC_PROTO -> 8 * vlen;
      case VOID, POINTER, FORWARD, TYPEDEF, VOLATILE, CONST, RESTRICT, FUNC, FLOAT, TYPE_TAG -> 0;
    };
  }

  /** Whether it only decorates another type: const, volatile, restrict or a type tag. */
  public boolean isModifier() {
    return this == VOLATILE || this == CONST || this == RESTRICT || this == TYPE_TAG;
  }
}
