package dev.whatif.ebpf.verifier;

import java.util.Set;

/**
 * What we and the kernel see differently, on purpose.
 *
 * <p>We refuse, and the kernel accepts: maps and helpers that whatif does not have in user space;
 * kernel functions; loads from packets by the obsolete instructions; reading a map's own fields;
 * more than 512 bytes of stack over several frames (newer kernels give each frame of a tracing
 * program a stack of its own); functions that are global in C are looked at with the arguments of
 * each call here, and once with any arguments there, so some are accepted by one only.
 */
final class KnownDifferences {

  /** Programs of the test objects, by what they use that is not there in user space. */
  static final Set<String> PROGRAMS =
      Set.of(
          "use", // a map of maps
          "fill", // a prefix tree
          "shorten"); // bpf_xdp_adjust_tail

  private KnownDifferences() {}
}
