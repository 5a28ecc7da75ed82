package dev.whatif.ebpf.interpreter;

import dev.whatif.core.failure.BadDataException;
import dev.whatif.ebpf.isa.Code;
import dev.whatif.ebpf.verifier.VerifiedProgram;

/** A program made ready for running here. Immutable, thread-safe. */
public final class Interpreter {

  private final Translation translation;
  private final Environment environment;

  private Interpreter(Code code, Environment environment) {
    this.environment = environment;
    translation = new Translation(code, environment);
  }

  /**
   * Makes a program ready.
   *
   * @throws BadDataException when it has an instruction that only the kernel can run
   */
  public static Interpreter of(VerifiedProgram program, Environment environment) {
    return new Interpreter(program.code(), environment);
  }

  /** Code that nobody has verified: for tests of this package. */
  static Interpreter ofUnverified(Code code, Environment environment) {
    return new Interpreter(code, environment);
  }

  /** Registers and a stack to run it with, for one thread at a time; to be closed. */
  public Execution execution() {
    return new Execution(translation, environment);
  }
}
