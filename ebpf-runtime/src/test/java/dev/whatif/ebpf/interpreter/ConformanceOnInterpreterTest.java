package dev.whatif.ebpf.interpreter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.ebpf.conformance.ConformanceCase;
import dev.whatif.ebpf.conformance.SuiteHelpers;
import dev.whatif.ebpf.isa.SuiteCases;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ConformanceOnInterpreterTest {

  static Stream<ConformanceCase> cases() {
    return SuiteCases.good();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void everyCaseGivesTheResultOfTheSuite(ConformanceCase test) {
    try (Arena arena = Arena.ofConfined();
        Execution execution =
            Interpreter.ofUnverified(test.code(), new SuiteHelpers()).execution()) {
      byte[] memory = test.memory();
      MemorySegment segment = arena.allocate(memory.length, 16);
      MemorySegment.copy(memory, 0, segment, ValueLayout.JAVA_BYTE, 0, memory.length);
      assertThat(execution.run(segment.address(), memory.length, List.of(MemoryRange.of(segment))))
          .isEqualTo(test.result());
    }
  }
}
