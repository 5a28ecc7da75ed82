package dev.whatif.ebpf.verifier;

import dev.whatif.ebpf.isa.Code;

/**
 * A program that was proven to do no harm. There is no other way to one than {@code Verifier}, and
 * nothing runs a program that is not one. Immutable, thread-safe.
 */
public final class VerifiedProgram {

  private final Program program;
  private final RuleSet rules;
  private final Code code;

  VerifiedProgram(Program program, RuleSet rules, Code code) {
    this.program = program;
    this.rules = rules;
    this.code = code;
  }

  /** What was verified. */
  public Program program() {
    return program;
  }

  /** What it was held to. */
  public RuleSet rules() {
    return rules;
  }

  /**
   * What to run: the program's code, each instruction at its slot, with what the verifier had to
   * find out filled in (loads from a context that is laid out differently in memory than C sees
   * it).
   */
  public Code code() {
    return code;
  }
}
