package dev.whatif.ebpf.bpfhelper;

/**
 * What a helper takes in a register ({@code enum bpf_arg_type}, include/linux/bpf.h), and so what a
 * verifier has made sure of when the helper runs.
 */
public enum Argument {
  /** Whatever was written. */
  ANYTHING,
  /** What the program was called with, not moved. */
  CONTEXT,
  /** A map; the arguments behind it speak of that one. */
  MAP,
  /** As many readable bytes as a key of the map has. */
  KEY,
  /** As many readable bytes as a value of the map has. */
  VALUE,
  /** Readable bytes, as many as the next argument says. */
  READABLE,
  /** The same, or NULL when the next argument is 0. */
  READABLE_OR_NULL,
  /** Bytes to be written, as many as the next argument says; they need not be initialised. */
  WRITABLE,
  /** The same, or NULL when the next argument is 0. */
  WRITABLE_OR_NULL,
  /** Eight bytes to be written, at a multiple of eight. */
  WRITABLE_LONG,
  /** How long the memory in the argument before is, 1 to 2^29 - 1. */
  SIZE,
  /** The same, or 0. */
  SIZE_OR_ZERO,
  /** A constant number of bytes to hand out. */
  CONSTANT_SIZE,
  /** A text in a read-only map, with its end. */
  CONSTANT_STRING,
  /** A function of the program. */
  FUNCTION,
  /** An address on the stack, or NULL. */
  STACK_OR_NULL,
  /** The beginning of a ring record that was reserved, and is now gone. */
  RECORD;

  /** Whether it is memory whose length the next argument holds. */
  public boolean hasSize() {
    return switch (this) {
      case READABLE, READABLE_OR_NULL, WRITABLE, WRITABLE_OR_NULL -> true;
      case ANYTHING, CONTEXT, MAP, KEY, VALUE, WRITABLE_LONG, SIZE, SIZE_OR_ZERO -> false;
      case CONSTANT_SIZE, CONSTANT_STRING, FUNCTION, STACK_OR_NULL, RECORD -> false;
    };
  }

  /** Whether NULL will do. */
  public boolean isNullable() {
    return this == READABLE_OR_NULL || this == WRITABLE_OR_NULL || this == STACK_OR_NULL;
  }
}
