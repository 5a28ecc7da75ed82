package dev.whatif.ebpf.fuzz;

import java.util.Arrays;
import java.util.Optional;

/** Why the kernel refuses what is accepted here on purpose. */
enum KnownDifference {
  /** The kernel keeps fewer states and follows some ways again; both give up at a million. */
  TOO_LARGE("BPF program is too large"),

  /**
   * Linux 6.18 cuts off a callback that is never called (bpf_loop with a count of 0), then misses
   * it when it fills in the address.
   */
  CALLBACK_CUT_OFF("verifier bug: No program to jit"),

  /** The kernel looks at addresses of values in code that is never reached, too. */
  UNREACHED_ADDRESS("invalid access to map value pointer");

  private final String reason;

  KnownDifference(String reason) {
    this.reason = reason;
  }

  /** The one that the kernel's reason speaks of. */
  static Optional<KnownDifference> of(String kernelReason) {
    return Arrays.stream(values()).filter(d -> kernelReason.contains(d.reason)).findFirst();
  }
}
