package dev.whatif.ebpf.fuzz;

import dev.whatif.core.failure.WhatifException;
import dev.whatif.ebpf.interpreter.Execution;
import dev.whatif.ebpf.interpreter.Interpreter;
import dev.whatif.ebpf.interpreter.MemoryFault;
import dev.whatif.ebpf.jit.InvocationLayout;
import dev.whatif.ebpf.jit.Jit;
import dev.whatif.ebpf.jit.RunnableCode;
import dev.whatif.ebpf.map.BpfMap;
import dev.whatif.ebpf.runtime.CallerIdentity;
import dev.whatif.ebpf.runtime.HelperLibrary;
import dev.whatif.ebpf.runtime.ProgramInput;
import dev.whatif.ebpf.verifier.Program;
import dev.whatif.ebpf.verifier.ProgramRefusal;
import dev.whatif.ebpf.verifier.RuleSet;
import dev.whatif.ebpf.verifier.VerifiedProgram;
import dev.whatif.ebpf.verifier.Verifier;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Mutants of one compiled program: their verdict here and in the kernel, and what those do that are
 * accepted. For one thread.
 */
final class MutatedObject implements AutoCloseable {

  private static final int INPUT_BYTES = 64;

  private final Program original;
  private final Tally tally;
  private final @Nullable KernelSide kernel;

  /** Of a program that its author wrote to be accepted. */
  MutatedObject(Program original, boolean askKernel, Tally tally) {
    this.original = original;
    this.tally = tally;
    kernel = askKernel ? new KernelSide(original.maps()) : null;
  }

  /** The mutant of a seed; what it shows, or nothing. */
  Optional<Finding> check(long seed) {
    Optional<Finding> finding;
    try {
      finding = compare(seed);
    } catch (MemoryFault e) {
      finding = Optional.of(new Finding(seed, Finding.Kind.FAULT, String.valueOf(e.getMessage())));
    } catch (RuntimeException | StackOverflowError e) {
      finding = Optional.of(new Finding(seed, Finding.Kind.FAILURE, Differential.failure(e)));
    }
    finding.ifPresent(tally::add);
    return finding;
  }

  private Optional<Finding> compare(long seed) {
    Optional<Program> mutant = Mutation.of(original, seed);
    if (mutant.isEmpty()) {
      tally.noCode();
      return Optional.empty();
    }
    Program program = mutant.get();
    VerifiedProgram verified = null;
    String refusal = "";
    try {
      verified = Verifier.verify(program, RuleSet.KERNEL);
    } catch (ProgramRefusal e) {
      refusal = e.reason();
    }
    if (kernel != null) {
      try (KernelSide.Verdict verdict = kernel.verdict(program)) {
        tally.verdict(verified != null, verdict.accepted());
        if (verified == null && verdict.accepted()) {
          return Optional.of(new Finding(seed, Finding.Kind.REFUSED_HERE_ONLY, refusal));
        }
        if (verified != null && !verdict.accepted()) {
          return KnownDifference.of(verdict.reason()).isPresent()
              ? Optional.empty()
              : Optional.of(new Finding(seed, Finding.Kind.ACCEPTED_HERE_ONLY, verdict.reason()));
        }
      }
    } else {
      tally.verdict(verified != null);
    }
    return verified == null ? Optional.empty() : run(seed, verified);
  }

  /** What shows an address gives another result in each run: only what repeats is compared. */
  private Optional<Finding> run(long seed, VerifiedProgram verified) {
    long first;
    long second;
    try {
      first = interpreted(seed, verified);
      second = interpreted(seed, verified);
    } catch (WhatifException e) {
      return Optional.empty(); // a kind of program or map that has no place here
    }
    tally.ran(FuzzEngine.INTERPRETER);
    if (first != second || !ProcessRuns.canCompile(verified)) {
      return Optional.empty();
    }
    long compiled = compiled(seed, verified);
    tally.ran(FuzzEngine.JIT);
    return compiled == first
        ? Optional.empty()
        : Optional.of(
            new Finding(
                seed,
                Finding.Kind.RESULT,
                "r0 is 0x%x interpreted and 0x%x compiled".formatted(first, compiled)));
  }

  private static byte[] input(long seed) {
    byte[] bytes = new byte[INPUT_BYTES];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private static long interpreted(long seed, VerifiedProgram verified) {
    List<BpfMap> maps = maps(verified);
    HelperLibrary helpers =
        new HelperLibrary(
            verified.program().maps(), maps, 0, CallerIdentity.ofThisThread(), text -> {});
    try (Arena arena = Arena.ofConfined();
        Execution execution = Interpreter.of(verified, helpers).execution()) {
      ProgramInput input = ProgramInput.of(verified.program(), input(seed), arena);
      return execution.run(input.context().address(), input.length(), input.ranges());
    } finally {
      maps.forEach(BpfMap::close);
    }
  }

  private static long compiled(long seed, VerifiedProgram verified) {
    List<BpfMap> maps = maps(verified);
    try (Arena arena = Arena.ofConfined();
        RunnableCode code = RunnableCode.of(Jit.compile(verified), new Addresses(maps)::of)) {
      ProgramInput input = ProgramInput.of(verified.program(), input(seed), arena);
      return code.run(input.context(), input.length(), arena.allocate(InvocationLayout.BYTES, 16));
    } finally {
      maps.forEach(BpfMap::close);
    }
  }

  private static List<BpfMap> maps(VerifiedProgram verified) {
    List<BpfMap> maps = new ArrayList<>();
    try {
      verified.program().maps().forEach(m -> maps.add(BpfMap.create(m)));
    } catch (RuntimeException e) {
      maps.forEach(BpfMap::close);
      throw e;
    }
    return maps;
  }

  @Override
  public void close() {
    if (kernel != null) {
      kernel.close();
    }
  }
}
