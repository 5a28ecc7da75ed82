package dev.whatif.causal.progress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.whatif.causal.account.RequestKey;
import dev.whatif.core.failure.UnavailableException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What compilers write for static probes, as {@code readelf -n} shows it. */
class UsdtArgumentsTest {

  /** Registers by DWARF's numbers: rax 0, rdx 1, rcx 2, rbx 3, rsi 4, rdi 5, rbp 6, rsp 7. */
  @ParameterizedTest
  @CsvSource({
    "-4@%esi, REGISTER, 4, 0, 4, true",
    "8@%rdi, REGISTER, 5, 0, 8, false",
    "1@%al, REGISTER, 0, 0, 1, false",
    "-1@%dil, REGISTER, 5, 0, 1, true",
    "2@%bp, REGISTER, 6, 0, 2, false",
    "-2@%cx, REGISTER, 2, 0, 2, true",
    "1@%bl, REGISTER, 3, 0, 1, false",
    "4@%r8d, REGISTER, 8, 0, 4, false",
    "2@%r15w, REGISTER, 15, 0, 2, false",
    "1@%r9b, REGISTER, 9, 0, 1, false",
    "8@%r12, REGISTER, 12, 0, 8, false",
    "8@-24(%rbp), MEMORY, 6, -24, 8, false",
    "-4@16(%rsp), MEMORY, 7, 16, 4, true",
    "8@(%rax), MEMORY, 0, 0, 8, false",
    "4@$7, CONSTANT, -1, 7, 4, false",
    "-4@$-1, CONSTANT, -1, -1, 4, true",
  })
  void oneArgument(
      String text,
      RequestKey.Kind kind,
      int register,
      int displacement,
      int bytes,
      boolean signed) {
    assertThat(UsdtArguments.argument("p:q", text, 1))
        .isEqualTo(new RequestKey(kind, register, displacement, bytes, signed));
  }

  @Test
  void argumentsAreNumberedFromOne() {
    String all = "-4@%esi 8@-24(%rbp)  4@$7";
    assertThat(UsdtArguments.argument("p:q", all, 2).displacement()).isEqualTo(-24);
    assertThat(UsdtArguments.argument("p:q", all, 3).kind()).isEqualTo(RequestKey.Kind.CONSTANT);
    assertThatThrownBy(() -> UsdtArguments.argument("p:q", all, 4))
        .isInstanceOf(UnavailableException.class)
        .hasMessageContaining("3 arguments, not 4");
    assertThatThrownBy(() -> UsdtArguments.argument("p:q", "  ", 1))
        .isInstanceOf(UnavailableException.class)
        .hasMessageContaining("0 arguments, not 1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "8@%xmm0",
        "8f@%xmm1",
        "8@name(%rip)",
        "8@(%rax,%rbx,8)",
        "4@%rip",
        "3@%eax",
        "@",
        "8@$99999999999999999999",
        "8@99999999999(%rbp)",
        "8@$18446744073709551615"
      })
  void whatCannotBeReadIsSaid(String text) {
    assertThatThrownBy(() -> UsdtArguments.argument("p:q", text, 1))
        .isInstanceOf(UnavailableException.class)
        .hasMessageContaining("argument 1 of probe p:q");
  }
}
