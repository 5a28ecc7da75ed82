package dev.whatif.ebpf.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.ebpf.aot.UserKeys;
import dev.whatif.ebpf.isa.SuiteCases;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SuiteTest {

  @TempDir static Path folder;

  static Stream<ConformanceEngine> engines() {
    return Stream.of(
        new InterpreterEngine(),
        new JitEngine(),
        new AotEngine(UserKeys.in(folder.resolve("key"))));
  }

  @ParameterizedTest
  @MethodSource("engines")
  void everyCaseOfTheSampleIsAsItSays(ConformanceEngine engine) {
    List<Verdict> verdicts =
        Stream.concat(SuiteCases.good(), SuiteCases.bad()).map(c -> Verdict.of(c, engine)).toList();
    assertThat(verdicts).hasSizeGreaterThan(220);
    assertThat(verdicts).filteredOn(v -> !v.passed()).isEmpty();
  }

  /** As the suite's programs use its helpers; the sample has few of them. */
  static Stream<Arguments> helpers() {
    String texts =
        "stw [%r10-8], 0x78636261\nstb [%r10-4], 0\nstw [%r10-16], 0x7a636261\n"
            + "stb [%r10-12], 0\nmov %r1, %r10\nadd %r1, -8\nmov %r2, %r10\n";
    return Stream.of(
        Arguments.of(
            "mov %r1, 1\nmov %r2, 2\nmov %r3, 3\nmov %r4, 4\nmov %r5, 5\ncall 0", 0x102030405L),
        Arguments.of(
            "stdw [%r10-8], 0x01020304\nmov %r1, %r10\nadd %r1, -8\nmov %r2, 8\ncall 1\nldxdw %r0, [%r10-8]",
            0x2a2a2a2a2b28292eL),
        Arguments.of("mov %r6, 7\ncall 2\nmov %r0, %r6", 7L),
        Arguments.of("mov %r1, 1000000\ncall 3", 1000L),
        Arguments.of(texts + "add %r2, -8\ncall 4", 0L),
        Arguments.of("mov %r1, -1\ncall 5\nmov %r0, 2", 2L));
  }

  @ParameterizedTest
  @MethodSource("helpers")
  void theSuitesHelpersDoWhatItsProgramsExpect(String program, long result) {
    ConformanceCase test =
        new ConformanceCase(
            "helper",
            false,
            Map.of(
                "asm", List.of((program + "\nexit").split("\n")),
                "result", List.of("0x" + Long.toHexString(result))));
    assertThat(engines().map(e -> Verdict.of(test, e)).filter(v -> !v.passed())).isEmpty();
  }

  @Test
  void aTextThatDoesNotEndIsNotCompared() {
    ConformanceCase test =
        new ConformanceCase(
            "endless",
            true,
            Map.of(
                "asm",
                List.of(
                    "stdw [%r10-8], -1",
                    "mov %r1, %r10", "add %r1, -8", "mov %r2, %r1", "call 4", "exit")));
    assertThat(engines().map(e -> Verdict.of(test, e)).filter(v -> !v.passed())).isEmpty();
  }
}
