package dev.whatif.ebpf.object;

/**
 * A relocation; its addend is what lies at the place (SHT_REL).
 *
 * @param offset in the section that it changes, bytes
 * @param type {@code R_BPF_*}
 */
record ObjectRelocation(long offset, int type, ObjectSymbol symbol) {

  /** A 64-bit load of an address (kernel, Documentation/bpf/llvm_reloc.rst). */
  static final int R_BPF_64_64 = 1;

  /** An address in data. */
  static final int R_BPF_64_ABS64 = 2;

  /** A call. */
  static final int R_BPF_64_32 = 10;
}
