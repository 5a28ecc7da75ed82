package dev.whatif.ebpf.bench;

import dev.whatif.core.failure.WhatifException;
import dev.whatif.ebpf.jit.Unverified;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;

/**
 * Prints how compiled BPF compares with native code and the kernel's compiler: {@code JitBenchmark
 * [ROUNDS [PROGRAM...]]}, in the module's folder, as root.
 */
final class JitBenchmark {

  private static final Path FOLDER = Path.of("src", "bench", "bpf");

  private JitBenchmark() {}

  public static void main(String[] args) {
    int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 21;
    List<String> names = List.of(args).subList(Math.min(1, args.length), args.length);
    Suite suite = Suite.of(FOLDER);
    try (Benchmark benchmark =
        new Benchmark(suite, EnumSet.allOf(Benchmark.Opponent.class), Unverified::compile)) {
      List<Comparison> all = new ArrayList<>();
      for (String name : names.isEmpty() ? suite.programs() : names) {
        try {
          all.addAll(benchmark.run(name::equals, rounds, c -> {}));
        } catch (WhatifException e) {
          System.out.println(name + ": " + e.getMessage().lines().limit(8).toList());
        }
      }
      ComparisonText.lines(all).forEach(System.out::println);
    }
  }
}
