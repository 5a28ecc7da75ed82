package dev.whatif.ebpf.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.core.failure.WhatifException;
import dev.whatif.ebpf.object.BpfObject;
import dev.whatif.ebpf.object.BpfSource;
import dev.whatif.ebpf.object.ProgramDefinition;
import dev.whatif.ebpf.runtime.ObjectPrograms;
import dev.whatif.ebpf.verifier.Program;
import dev.whatif.testing.Requirement;
import dev.whatif.testing.Requires;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Compiled programs with a few bytes changed are decoded, refused or run: each in bounded time, by
 * an exception of the decoder's or the verifier's own, and as the kernel would.
 */
@Requires({Requirement.ROOT, Requirement.BPF, Requirement.CLANG_14})
class MutatedObjectTest {

  @Test
  void mutantsAreJudgedAsTheKernelDoes() {
    check(20, "subprograms", "globals", "maps_run");
  }

  @Test
  @Tag("long")
  void manyMutantsAreJudgedAsTheKernelDoes() {
    check(2_000, "subprograms", "globals", "maps_run", "tour", "rings", "commands");
  }

  private static void check(int mutants, String... sources) {
    List<String> defects = new ArrayList<>();
    Tally tally = new Tally();
    for (String source : sources) {
      BpfObject object = BpfObject.open(BpfSource.compiled("clang-14", source));
      for (ProgramDefinition definition : object.programs()) {
        Program program;
        MutatedObject mutated;
        try {
          program = new ObjectPrograms(object).program(definition);
          mutated = new MutatedObject(program, true, tally);
        } catch (WhatifException e) {
          continue; // it needs the kernel, or is made to be refused
        }
        try (mutated) {
          for (int seed = 0; seed < mutants; seed++) {
            mutated
                .check(seed)
                .filter(f -> f.kind().isDefect())
                .ifPresent(f -> defects.add(source + " " + definition.name() + ": " + f));
          }
        }
      }
    }
    assertThat(defects).isEmpty();
    assertThat(tally.mutantsWithoutCode()).isPositive();
    assertThat(tally.acceptedByBoth()).isPositive();
    assertThat(tally.refusedByBoth()).isPositive();
  }
}
