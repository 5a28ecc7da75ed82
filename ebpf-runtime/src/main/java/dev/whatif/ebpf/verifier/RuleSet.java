package dev.whatif.ebpf.verifier;

/** What a verifier asks of a program. */
public enum RuleSet {
  /**
   * What the kernel asks: no leak of addresses, no arithmetic on pointers that could leave their
   * object, every helper called as its signature says. Only such programs enter a target.
   */
  KERNEL,

  /**
   * What RFC 9669 asks: any instruction, {@code callx} included, on memory that is the program's
   * own, and an end. For programs on the command line.
   */
  RFC9669
}
