package dev.whatif.ebpf.object;

import dev.whatif.ebpf.btf.Btf;
import dev.whatif.ebpf.btf.BtfKind;
import dev.whatif.testing.Requirement;
import dev.whatif.testing.Requires;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.Locale;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * How long the kernel's types take to parse, the first name to be found among them, and an object
 * to be read: {@code mvn test -pl profiler-core,ebpf-runtime -Plong -Dtest=ObjectBenchmark
 * -Dsurefire.failIfNoSpecifiedTests=false}. First in this JVM, and the median of 20 after 20.
 */
@Requires({Requirement.KERNEL_BTF, Requirement.CLANG_19, Requirement.LIBBPF})
class ObjectBenchmark {

  private static final int WARM_UP = 20;
  private static final int ROUNDS = 20;

  @Test
  @Tag("long")
  void parse() throws IOException {
    byte[] types = Files.readAllBytes(Btf.KERNEL);
    byte[] object = Files.readAllBytes(BpfSource.compiled("clang-19", "subprograms"));
    double[][] times = new double[3][WARM_UP + ROUNDS];
    for (int i = 0; i < WARM_UP + ROUNDS; i++) {
      long begin = System.nanoTime();
      Btf btf = Btf.parse("kernel", types);
      long parsed = System.nanoTime();
      btf.find(BtfKind.STRUCT, "task_struct").orElseThrow();
      long found = System.nanoTime();
      BpfObject.parse("subprograms", object);
      long read = System.nanoTime();
      times[0][i] = (parsed - begin) / 1e6;
      times[1][i] = (found - parsed) / 1e6;
      times[2][i] = (read - found) / 1e6;
    }
    print("parse the kernel's types (" + types.length + " bytes)", times[0]);
    print("find the first name", times[1]);
    print("read an object of 4 programs (" + object.length + " bytes)", times[2]);
  }

  private static void print(String what, double[] times) {
    double[] warm = Arrays.copyOfRange(times, WARM_UP, times.length);
    Arrays.sort(warm);
    System.out.printf(
        Locale.ROOT, "%s: first %.2f ms, warm %.2f ms%n", what, times[0], warm[ROUNDS / 2]);
  }
}
