package dev.whatif.ebpf.isa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.whatif.core.failure.BadDataException;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AssemblerTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "CONFORMANCE | ldxq %r0, %r1             | 1:1  | no instruction 'ldxq' | did you mean ldxb, ldxdw",
        "CONFORMANCE | or %r0, %r50              | 1:9  | no register %r50      | %r0 to %r10",
        "CONFORMANCE | ldxb %r0, %r1             | 1:11 | expected '['          |",
        "CONFORMANCE | mov32 %r0, 0x100000000    | 1:12 | does not fit into 32 bits | lddw",
        "CONFORMANCE | ldxb %r0, [%r1+32768]     | 1:15 | does not fit into 16 bits |",
        "CONFORMANCE | jne %r0, 1, away          | 1:13 | no label 'away'       | away:",
        "CONFORMANCE | lock nand [%r0], %r1      | 1:6  | no atomic operation 'nand' | cmpxchg",
        "CONFORMANCE | exit 5                    | 1:6  | '5' is too much       |",
        "CONFORMANCE | mov %r0, 12zz             | 1:10 | '12zz' is no number   |",
        "LLVM        | r1 = w2                   | 1:6  | a register such as r1 |",
        "LLVM        | r11 = 5                   | 1:1  | no register r11       | r0 to r10",
        "LLVM        | r1 ~= 5                   | 1:4  | expected an assignment | s>>=",
        "LLVM        | r1 = foo                  | 1:6  | 'foo' is no value     | clang -target bpf",
        "LLVM        | r1 = 0x1ffffffff          | 1:6  | does not fit into 32 bits | r1 = N ll",
        "LLVM        | if r1 ~ 3 goto +1         | 1:7  | expected a comparison | s>=",
        "LLVM        | .text                     | 1:1  | directive '.text'     | leave it out",
        "LLVM        | r1 = -r2                  | 1:7  | both must be r1       |",
        "LLVM        | w1 = *(s8 *)(r2 + 0)      | 1:13 | 64 bits and goes to r1 |",
        "LLVM        | goto 40000                | 1:6  | does not fit into 16 bits |",
        "LLVM        | hello                     | 1:1  | found 'hello'         | instructions look like",
        "LLVM        | r1 = cmpxchg_64(r2 + 0, r1, r3) | 1:6 | compares with r0  |",
      })
  void aMistakeIsNamedWithLineColumnAndRemedy(
      Dialect dialect, String text, String where, String what, String remedy) {
    BadDataException e =
        catchThrowableOfType(
            BadDataException.class, () -> Assembler.assemble("prog.s", text, dialect));
    assertThat(e).as(text).isNotNull();
    assertThat(e).hasMessageStartingWith("prog.s:" + where + ": ").hasMessageContaining(what);
    if (remedy == null) {
      assertThat(e.remedy())
          .isIn(null, "a 64-bit constant is loaded by lddw, in LLVM's text by 'r1 = N ll'");
    } else {
      assertThat(e.remedy()).contains(remedy);
    }
  }

  @Test
  void aTextWithoutInstructionsIsNoProgram() {
    BadDataException e =
        catchThrowableOfType(
            BadDataException.class,
            () -> Assembler.assemble("empty", "# nothing\n\n", Dialect.LLVM));
    assertThat(e).hasMessage("empty: there is no instruction in it");
  }

  @Test
  void labelsMayBeUsedBeforeAndAfterAndOnlyOnce() {
    String text = "top:\n  r0 += 1\n  if r0 < 5 goto top; goto end\nend: exit";
    assertThat(HexFormat.of().formatHex(Assembler.assemble("t", text, Dialect.LLVM).bytes()))
        .isEqualTo(
            "0700000001000000" + "a500feff05000000" + "0500000000000000" + "9500000000000000");
    BadDataException e =
        catchThrowableOfType(
            BadDataException.class,
            () -> Assembler.assemble("t", "a: exit\na: exit", Dialect.LLVM));
    assertThat(e).hasMessage("t:2:1: label 'a' is defined twice");
  }

  @Test
  void exitIsALabelOfTheFirstExitUnlessThereIsOne() {
    Code implicit = Assembler.assemble("t", "jne %r0, 1, exit\nexit\nexit", Dialect.CONFORMANCE);
    Code explicit =
        Assembler.assemble("t", "jne %r0, 1, exit\nexit\nexit:\nexit", Dialect.CONFORMANCE);
    assertThat(implicit.instructions().getFirst().targetFrom(0)).hasValue(1);
    assertThat(explicit.instructions().getFirst().targetFrom(0)).hasValue(2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "lddw %r1, map_fd 5        | 1811000005000000 0000000000000000",
        "lddw %r1, map_value 5+8   | 1821000005000000 0000000008000000",
        "lddw %r2, btf_id 7        | 1832000007000000 0000000000000000",
        "call 5                    | 8500000005000000",
        "call runtime 7            | 8520000007000000",
        "call %r2                  | 8d02000000000000",
        "ldabsw 14                 | 200000000e000000",
        "ldindb %r3, 4             | 5030000004000000",
        "add %r1, 0xffffffff       | 07010000ffffffff",
        "lock fetch add32 [%r1-4], %r2 | c321fcff01000000",
      })
  void theConformanceTextCoversEverything(String text, String code) {
    assertThat(HexFormat.of().formatHex(Assembler.assemble("t", text, Dialect.CONFORMANCE).bytes()))
        .isEqualTo(code.replace(" ", ""));
  }
}
