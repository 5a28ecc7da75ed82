package dev.whatif.ebpf.relocation;

import dev.whatif.ebpf.btf.Btf;
import dev.whatif.ebpf.object.BpfObject;
import dev.whatif.ebpf.object.ProgramDefinition;
import dev.whatif.testing.Requirement;
import dev.whatif.testing.Requires;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Prints what relocating an object against the kernel's types costs; claims nothing. Run with
 * {@code mvn test -pl profiler-core,ebpf-runtime -Plong -Dtest=RelocationBenchmark
 * -Dsurefire.failIfNoSpecifiedTests=false}.
 */
@Tag("long")
@Requires({Requirement.CLANG_19, Requirement.KERNEL_BTF})
class RelocationBenchmark {

  private static final int ROUNDS = 40;

  @Test
  void tenPrograms() throws IOException {
    String text = new KernelQuestions(Btf.ofKernel(), 7).text(25, 8);
    measure(BpfObject.open(Clang.CLANG_19.object("drawn", text)));
    measure(BpfObject.open(Clang.CLANG_19.object("kernel_kinds")));
  }

  private static void measure(BpfObject object) throws IOException {
    byte[] raw = Files.readAllBytes(Btf.KERNEL);
    List<Double> parsed = new ArrayList<>();
    List<Double> first = new ArrayList<>();
    List<Double> next = new ArrayList<>();
    int relocations = 0;
    for (int i = 0; i < ROUNDS; i++) {
      long begin = System.nanoTime();
      Btf kernel = Btf.parse("kernel", raw);
      long ready = System.nanoTime();
      relocations = relocate(object, kernel);
      long once = System.nanoTime();
      relocate(object, kernel);
      long twice = System.nanoTime();
      parsed.add((ready - begin) / 1e6);
      first.add((once - ready) / 1e6);
      next.add((twice - once) / 1e6);
    }
    System.out.printf(
        "%d programs, %d relocations: cold, median, best of %d in ms: parsing %s, first object"
            + " %s, next object %s%n",
        object.programs().size(), relocations, ROUNDS, told(parsed), told(first), told(next));
  }

  private static int relocate(BpfObject object, Btf kernel) {
    CoreRelocator relocator = new CoreRelocator(object.btf().orElseThrow(), kernel);
    int relocations = 0;
    for (ProgramDefinition program : object.programs()) {
      relocations += relocator.relocate(program).results().size();
    }
    return relocations;
  }

  private static String told(List<Double> millis) {
    List<Double> sorted = millis.stream().sorted().toList();
    return "%.1f %.1f %.1f".formatted(millis.getFirst(), sorted.get(ROUNDS / 2), sorted.getFirst());
  }
}
