package dev.whatif.ebpf.fuzz;

import dev.whatif.core.failure.WhatifException;
import dev.whatif.ebpf.interpreter.MemoryFault;
import dev.whatif.ebpf.isa.Code;
import dev.whatif.ebpf.verifier.Program;
import dev.whatif.ebpf.verifier.ProgramRefusal;
import dev.whatif.ebpf.verifier.RuleSet;
import dev.whatif.ebpf.verifier.VerifiedProgram;
import dev.whatif.ebpf.verifier.Verifier;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One program at a time in every engine there is, on equal maps and an equal packet. For one
 * thread.
 *
 * <p>The interpreter comes first, since it looks at each access: compiled code runs only what it
 * ran without a fault.
 */
public final class Differential implements AutoCloseable {

  private final Set<FuzzEngine> engines;
  private Tally tally = new Tally();
  private final ProcessRuns process;
  private final @Nullable KernelRuns kernel;

  /**
   * Makes the maps.
   *
   * @param engines what to compare; the kernel needs root
   */
  public Differential(Set<FuzzEngine> engines) {
    this.engines = Set.copyOf(engines);
    process = new ProcessRuns();
    kernel = engines.contains(FuzzEngine.KERNEL) ? new KernelRuns() : null;
  }

  /** What has been seen so far. */
  public Tally tally() {
    return tally;
  }

  /** The program of a seed; what it shows, or nothing. */
  public Optional<Finding> check(long seed) {
    return check(seed, ProgramGenerator.of(seed));
  }

  /** The smallest program found that shows the same kind of finding; nothing is counted. */
  public Code smallest(Finding finding) {
    GeneratedProgram generated = ProgramGenerator.of(finding.seed());
    Tally seen = tally;
    tally = new Tally();
    try {
      return Minimiser.of(
              generated.program(),
              p ->
                  check(finding.seed(), new GeneratedProgram(p, generated.comparable()))
                      .filter(f -> f.kind() == finding.kind() && sameReason(f, finding))
                      .isPresent())
          .code();
    } finally {
      tally = seen;
    }
  }

  /** What is found beside the place may be other numbers. */
  private static boolean sameReason(Finding one, Finding other) {
    return one.kind() == Finding.Kind.RESULT
        ? place(one).equals(place(other))
        : Tally.general(one.reason()).equals(Tally.general(other.reason()));
  }

  private static String place(Finding finding) {
    return finding.reason().substring(0, finding.reason().lastIndexOf(':'));
  }

  /** A program, maybe one that was made smaller. */
  Optional<Finding> check(long seed, GeneratedProgram generated) {
    Optional<Finding> finding;
    try {
      finding = compare(seed, generated);
    } catch (MemoryFault e) {
      finding = Optional.of(new Finding(seed, Finding.Kind.FAULT, String.valueOf(e.getMessage())));
    } catch (RuntimeException e) {
      finding = Optional.of(new Finding(seed, Finding.Kind.FAILURE, failure(e)));
    }
    finding.ifPresent(tally::add);
    return finding;
  }

  static String failure(Throwable e) {
    StackTraceElement[] trace = e.getStackTrace();
    return trace.length == 0 ? e.toString() : e + " at " + trace[0];
  }

  private Optional<Finding> compare(long seed, GeneratedProgram generated) {
    Program program = generated.program();
    String refusal = "";
    VerifiedProgram verified = null;
    try {
      verified = Verifier.verify(program, RuleSet.KERNEL);
    } catch (ProgramRefusal e) {
      refusal = e.reason();
    } catch (WhatifException e) {
      refusal = String.valueOf(e.getMessage());
    }
    if (kernel == null) {
      tally.verdict(verified != null);
      return verified == null ? Optional.empty() : results(seed, generated, verified, null);
    }
    try (KernelSide.Verdict verdict = kernel.side().verdict(program)) {
      tally.verdict(verified != null, verdict.accepted());
      if (verified == null) {
        return verdict.accepted()
            ? Optional.of(new Finding(seed, Finding.Kind.REFUSED_HERE_ONLY, refusal))
            : Optional.empty();
      }
      if (!verdict.accepted()) {
        return KnownDifference.of(verdict.reason()).isPresent()
            ? Optional.empty()
            : Optional.of(new Finding(seed, Finding.Kind.ACCEPTED_HERE_ONLY, verdict.reason()));
      }
      return results(seed, generated, verified, verdict);
    }
  }

  private Optional<Finding> results(
      long seed,
      GeneratedProgram generated,
      VerifiedProgram verified,
      KernelSide.@Nullable Verdict verdict) {
    byte[] packet = new byte[ProgramGenerator.PACKET_BYTES];
    new Random(seed).nextBytes(packet);
    Outcome interpreted = process.interpret(verified, packet);
    tally.ran(FuzzEngine.INTERPRETER);
    if (!generated.comparable()) {
      return Optional.empty();
    }
    Optional<String> difference = Optional.empty();
    if (verdict != null && verdict.program() != null && kernel != null) {
      Outcome inKernel = kernel.run(verdict.program(), packet);
      tally.ran(FuzzEngine.KERNEL);
      difference =
          interpreted.differenceTo(inKernel, false).map(d -> "interpreter and kernel: " + d);
    }
    if (difference.isEmpty()
        && engines.contains(FuzzEngine.JIT)
        && ProcessRuns.canCompile(verified)) {
      Outcome compiled = process.compiled(verified, packet);
      tally.ran(FuzzEngine.JIT);
      difference = interpreted.differenceTo(compiled, true).map(d -> "interpreter and jit: " + d);
    }
    return difference.map(d -> new Finding(seed, Finding.Kind.RESULT, d));
  }

  @Override
  public void close() {
    process.close();
    if (kernel != null) {
      kernel.close();
    }
  }
}
