package dev.whatif.ebpf.isa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.whatif.core.failure.BadDataException;
import dev.whatif.ebpf.conformance.ConformanceCase;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ConformanceTextTest {

  static Stream<ConformanceCase> good() {
    return SuiteCases.good();
  }

  static Stream<ConformanceCase> bad() {
    return SuiteCases.bad();
  }

  @ParameterizedTest
  @MethodSource("good")
  void everyCaseAssemblesAndReadsBack(ConformanceCase test) {
    Code code = test.assembled();
    byte[] bytes = code.bytes();
    if (test.hasRaw()) {
      assertThat(bytes).isEqualTo(test.raw());
    }
    assertThat(Code.decode(bytes).instructions()).isEqualTo(code.instructions());
    for (Dialect dialect : Dialect.values()) {
      String text = Disassembler.of(dialect).program(code);
      assertThat(Assembler.assemble("again", text, dialect).bytes()).as(text).isEqualTo(bytes);
    }
  }

  @ParameterizedTest
  @MethodSource("bad")
  void whatMustBeRefusedIsRefused(ConformanceCase test) {
    if (test.hasRaw()) {
      assertThatThrownBy(() -> Code.decode(test.raw()))
          .isInstanceOf(BadDataException.class)
          .hasMessageStartingWith("slot 0 (")
          .hasMessageContaining("must be 0");
    } else {
      assertThatThrownBy(test::assembled)
          .isInstanceOf(BadDataException.class)
          .hasMessageContaining(test.name());
    }
  }
}
