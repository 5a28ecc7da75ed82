package dev.whatif.ebpf.jit;

import dev.whatif.core.x86.CpuFeature;
import dev.whatif.ebpf.verifier.VerifiedProgram;
import java.util.Set;

/** The compiler from BPF to x86-64. Stateless, thread-safe. */
public final class Jit {

  private Jit() {}

  /**
   * Compiles a program for this machine's CPU.
   *
   * @throws dev.whatif.core.failure.UnavailableException when it refers to the kernel, naming the
   *     slot
   */
  public static CompiledCode compile(VerifiedProgram program) {
    return compile(program, CpuFeature.ofThisMachine());
  }

  /** Compiles a program for CPUs that have these features. */
  public static CompiledCode compile(VerifiedProgram program, Set<CpuFeature> features) {
    return new JitCompiler(program.code(), Set.copyOf(features)).compile();
  }
}
