package dev.whatif.ebpf.relocation;

import dev.whatif.core.failure.BadDataException;

/**
 * A bound on the work of one relocation.
 *
 * <p>Comparing types recursively takes time exponential in their depth when a BTF is made for it;
 * real ones stay far below the bound (the largest comparison with vmlinux takes some thousand
 * steps).
 */
final class Effort {

  /** About 0.1 s of comparing. */
  private static final int LIMIT = 2_000_000;

  private final String what;
  private int left = LIMIT;

  /**
   * @param what the relocation, for the error
   */
  Effort(String what) {
    this.what = what;
  }

  /** One more comparison of two types or members. */
  void step() {
    if (--left < 0) {
      throw new BadDataException(
          what + ": comparing types takes more than " + LIMIT + " steps; the BTF is damaged");
    }
  }
}
