package dev.whatif.ebpf.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.whatif.core.failure.BadDataException;
import dev.whatif.core.failure.UsageException;
import dev.whatif.ebpf.jit.Unverified;
import dev.whatif.testing.Programs;
import dev.whatif.testing.Requirement;
import dev.whatif.testing.Requires;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is measured is the same program, whoever runs it. */
class BenchmarkTest {

  private static final Path FOLDER = Path.of("src", "bench", "bpf");

  @Test
  @Requires({Requirement.ROOT, Requirement.BPF, Requirement.CLANG})
  void everybodyReturnsTheSame() {
    Suite suite = Suite.of(FOLDER);
    try (Benchmark benchmark =
        new Benchmark(suite, EnumSet.allOf(Benchmark.Opponent.class), Unverified::compile)) {
      List<Comparison> all = benchmark.run(n -> true, 1, c -> {});
      assertThat(all).hasSizeGreaterThanOrEqualTo(30);
      assertThat(all).allSatisfy(c -> assertThat(c.measurements()).hasSize(4));
    }
  }

  @Test
  @Requires(Requirement.CLANG_19)
  void objectsAreThoseOfTheirSources(@TempDir Path folder) throws Exception {
    Programs.run(FOLDER.resolve("build").toAbsolutePath().toString(), folder.toString());
    try (var objects = Files.list(folder)) {
      for (Path made : objects.toList()) {
        assertThat(FOLDER.resolve(made.getFileName())).hasSameBinaryContentAs(made);
      }
    }
  }

  @Test
  void anotherResultIsNoMeasurement() {
    assertThatThrownBy(() -> Comparison.of("p", List.of(returns("a", 1), returns("b", 2)), 1))
        .isInstanceOf(BadDataException.class)
        .hasMessageContaining("a returns 0x1, b 0x2");
  }

  @Test
  void theTableShowsRatiosToTheFirst() {
    Comparison one =
        new Comparison(
            "one", List.of(new Measurement("jit", 20, 0.01), new Measurement("kernel", 10, 0)));
    Comparison two =
        new Comparison(
            "two", List.of(new Measurement("jit", 20, 0.01), new Measurement("kernel", 40, 0)));
    List<String> lines = ComparisonText.lines(List.of(one, two));
    assertThat(lines.get(1)).contains("20.0 ± 1.0%").endsWith("2.000x");
    assertThat(lines.getLast()).startsWith("geometric mean").endsWith("1.000x");
  }

  @Test
  void aFolderWithoutObjectsIsSaidSo(@TempDir Path folder) {
    assertThatThrownBy(() -> Suite.of(folder))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("no *.bpf.o");
  }

  private static Contender returns(String name, int result) {
    return new Contender() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public int result() {
        return result;
      }

      @Override
      public double nanos(int times) {
        return 1;
      }

      @Override
      public double emptyNanos(int times) {
        return 0;
      }

      @Override
      public void close() {
        // nothing is held
      }
    };
  }
}
