package dev.whatif.ebpf.isa;

/** A way to write instructions. */
public enum Dialect {
  /**
   * The text of the public conformance suite (bpf_conformance), that of uBPF: {@code add32 %r1, 5}.
   * The suite has no words for references and packet loads; whatif's are {@code lddw %r1, map_fd
   * 5}, {@code map_value 5+8} and so on, {@code ldabsw 14}, {@code ldindb %r1, 14}.
   */
  CONFORMANCE,
  /**
   * The text of {@code llvm-objdump-19 -d --mcpu=v4}: {@code w1 += 0x5}. It cannot tell helpers,
   * local calls and kernel functions from each other; kernel functions are written {@code call
   * kfunc 0x5} here.
   */
  LLVM,
  /**
   * The text of {@code llvm-objdump-14 -d}: numbers are decimal, and memory is read and written
   * through 64-bit names: {@code r1 = *(u32 *)(r2 + 8)}.
   */
  LLVM_14
}
