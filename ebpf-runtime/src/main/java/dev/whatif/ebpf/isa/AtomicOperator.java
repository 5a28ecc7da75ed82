package dev.whatif.ebpf.isa;

import java.util.Optional;

/** What an atomic instruction does to memory (RFC 9669 section 5.3); the code is its immediate. */
public enum AtomicOperator {
  ADD(0x00, false, "add", "+="),
  OR(0x40, false, "or", "|="),
  AND(0x50, false, "and", "&="),
  XOR(0xa0, false, "xor", "^="),
  FETCH_ADD(0x01, true, "add", "atomic_fetch_add"),
  FETCH_OR(0x41, true, "or", "atomic_fetch_or"),
  FETCH_AND(0x51, true, "and", "atomic_fetch_and"),
  FETCH_XOR(0xa1, true, "xor", "atomic_fetch_xor"),
  /** The source register gets the old value. */
  EXCHANGE(0xe1, true, "xchg", "xchg"),
  /** Compares with r0, which gets the old value. */
  COMPARE_EXCHANGE(0xf1, true, "cmpxchg", "cmpxchg");

  private final int code;
  private final boolean fetches;
  private final String mnemonic;
  private final String symbol;

  AtomicOperator(int code, boolean fetches, String mnemonic, String symbol) {
    this.code = code;
    this.fetches = fetches;
    this.mnemonic = mnemonic;
    this.symbol = symbol;
  }

  /** Whether a register gets the value that was in memory. */
  public boolean fetches() {
    return fetches;
  }

  /** The immediate. */
  int code() {
    return code;
  }

  /** As the conformance text writes it, without width and {@code fetch}. */
  String mnemonic() {
    return mnemonic;
  }

  /** As LLVM's text writes it: an operator, or a function's name without width. */
  String symbol() {
    return symbol;
  }

  /** The operator of an immediate. */
  static Optional<AtomicOperator> of(int code) {
    for (AtomicOperator operator : values()) {
      if (operator.code == code) {
        return Optional.of(operator);
      }
    }
    return Optional.empty();
  }
}
