package dev.whatif.ebpf.isa;

/** How the order of bytes changes (RFC 9669 section 4.2). */
public enum ByteSwap {
  /** Between the machine's order and little-endian: on x86-64, truncation. */
  TO_LITTLE(0xd4, "le"),
  /** Between the machine's order and big-endian: on x86-64, a swap. */
  TO_BIG(0xdc, "be"),
  /** A swap on every machine. */
  ALWAYS(0xd7, "bswap");

  private final int opcode;
  private final String mnemonic;

  ByteSwap(int opcode, String mnemonic) {
    this.opcode = opcode;
    this.mnemonic = mnemonic;
  }

  /** The opcode; the immediate holds the bits. */
  int opcode() {
    return opcode;
  }

  /** The name in LLVM's text, without the bits. */
  String mnemonic() {
    return mnemonic;
  }
}
