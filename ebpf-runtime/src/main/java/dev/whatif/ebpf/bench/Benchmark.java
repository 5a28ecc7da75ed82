package dev.whatif.ebpf.bench;

import dev.whatif.core.failure.BadDataException;
import dev.whatif.core.failure.UnavailableException;
import dev.whatif.ebpf.jit.CompiledCode;
import dev.whatif.ebpf.kernel.KernelLoader;
import dev.whatif.ebpf.kernel.LoadOptions;
import dev.whatif.ebpf.kernel.LoadedObject;
import dev.whatif.ebpf.object.BpfObject;
import dev.whatif.ebpf.object.ProgramDefinition;
import dev.whatif.ebpf.runtime.ObjectPrograms;
import dev.whatif.ebpf.verifier.Program;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;

/** Runs a {@link Suite}. One thread. */
public final class Benchmark implements AutoCloseable {

  /** Whom to compare with. */
  public enum Opponent {
    /** The kernel's compiler; needs the privilege to load programs. */
    KERNEL,
    /** The C, by clang, of integer instructions only as compiled BPF is; and of all. */
    NATIVE
  }

  private static final String COMPILER = "clang";

  private final Suite suite;
  private final Function<Program, CompiledCode> compiler;
  private final boolean withKernel;
  private final List<NativeLibrary> libraries = new ArrayList<>();

  /**
   * Prepares it.
   *
   * @param compiler verifies and compiles
   * @throws UnavailableException when there is no clang, or it finds something wrong
   */
  public Benchmark(Suite suite, Set<Opponent> against, Function<Program, CompiledCode> compiler) {
    this.suite = suite;
    this.compiler = compiler;
    withKernel = against.contains(Opponent.KERNEL);
    if (against.contains(Opponent.NATIVE)) {
      if (!NativeLibrary.canCompile(COMPILER)) {
        throw new UnavailableException(
            "clang is not installed", "install it, or compare with the kernel only");
      }
      libraries.add(library("integer -O2", "-O2", "-mgeneral-regs-only"));
      libraries.add(library("-O2", "-O2"));
    }
  }

  private NativeLibrary library(String name, String... flags) {
    return NativeLibrary.compile(name, COMPILER, suite.sources(), List.of(flags));
  }

  /**
   * Measures programs.
   *
   * @param programs which, by name
   * @param rounds how many samples each contender gives, taken in turns
   * @param watcher told of each as it is done
   * @throws BadDataException when contenders do not return the same
   */
  public List<Comparison> run(
      Predicate<String> programs, int rounds, Consumer<Comparison> watcher) {
    List<Comparison> comparisons = new ArrayList<>();
    for (BpfObject object : suite.objects()) {
      for (ProgramDefinition definition : object.programs()) {
        if (programs.test(definition.name())) {
          Comparison comparison = compare(object, definition, rounds);
          watcher.accept(comparison);
          comparisons.add(comparison);
        }
      }
    }
    return comparisons;
  }

  private Comparison compare(BpfObject object, ProgramDefinition definition, int rounds) {
    String name = definition.name();
    List<Contender> contenders = new ArrayList<>();
    try {
      Program program = new ObjectPrograms(object).program(definition);
      contenders.add(new JitContender(program, compiler.apply(program)));
      for (NativeLibrary library : libraries) {
        library
            .address(name)
            .ifPresent(at -> contenders.add(new NativeContender(library.name(), at)));
      }
      if (!withKernel) {
        return Comparison.of(name, contenders, rounds);
      }
      LoadOptions one = LoadOptions.DEFAULT.with(name::equals);
      try (LoadedObject loaded = KernelLoader.load(object, one)) {
        contenders.add(new KernelContender(loaded.program(name)));
        return Comparison.of(name, contenders, rounds);
      }
    } finally {
      contenders.forEach(Contender::close);
    }
  }

  @Override
  public void close() {
    libraries.forEach(NativeLibrary::close);
  }
}
