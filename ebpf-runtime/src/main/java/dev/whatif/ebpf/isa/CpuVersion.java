package dev.whatif.ebpf.isa;

/**
 * The versions of the instruction set that compilers choose from (clang's {@code -mcpu}).
 *
 * <p>The version of an instruction is the first that a machine must implement to run it. What every
 * machine ran from the beginning counts as V1 even where clang uses it late: 32-bit arithmetic
 * (clang: v3) and stores of constants (clang: v4).
 */
public enum CpuVersion {
  /** The instruction set of Linux 3.18. */
  V1,
  /** Branches on less, Linux 4.14. */
  V2,
  /** 32-bit branches (Linux 5.1) and atomics other than add (Linux 5.12). */
  V3,
  /**
   * Signed division, sign-extending moves and loads, unconditional swaps and 32-bit jumps, Linux
   * 6.6.
   */
  V4;

  /** The later of two. */
  CpuVersion or(CpuVersion other) {
    return compareTo(other) >= 0 ? this : other;
  }
}
