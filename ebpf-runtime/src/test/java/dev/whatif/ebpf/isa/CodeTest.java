package dev.whatif.ebpf.isa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.whatif.core.failure.BadDataException;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CodeTest {

  private static byte[] bytes(String hex) {
    return HexFormat.of().parseHex(hex.replace(" ", ""));
  }

  @Test
  void aBuilderResolvesLabelsOverInstructionsOfTwoSlots() {
    Code code =
        Code.build(b -> {
          Label small = b.label("small");
          b.move(Register.R0, 0)
              .branch(Condition.LESS, Register.R1, 5, small)
              .load64(Register.R0, 0x1_0000_0000L)
              .bind(small)
              .exit();
        });
    assertThat(code.toString())
        .isEqualTo(
            """
              r0 = 0x0
              if r1 < 0x5 goto L4
              r0 = 0x100000000 ll
            L4:
              exit
            """);
    assertThat(code.slots()).isEqualTo(5);
    assertThat(code.slotOf(3)).isEqualTo(4);
    assertThat(code.indexAt(4)).hasValue(3);
    assertThat(code.indexAt(3)).as("the second half").isEmpty();
    assertThat(code.needs()).isEqualTo(CpuVersion.V2);
    assertThat(Code.decode(code.bytes()).instructions()).isEqualTo(code.instructions());
  }

  @Test
  void instructionsAreMadeForPatternMatching() {
    Instruction add = Instruction.at(bytes("0705 0000 ffffffff"), 0);
    String seen =
        switch (add) {
          case Instruction.Alu(var width, var operator, var dst, Immediate(int value)) ->
              width + " " + operator + " " + dst + " " + value;
          default -> "";
        };
    assertThat(seen).isEqualTo("W64 ADD R5 -1");
  }

  @Test
  void aLabelMustBeSomewhere() {
    assertThatThrownBy(() -> Code.build(b -> b.jump(b.label("lost"))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("label lost is nowhere");
  }

  @Test
  void aLabelTooFarAwayIsNotCut() {
    assertThatThrownBy(() ->
            Code.build(b -> {
              Label end = b.label("end");
              b.jump(end);
              for (int i = 0; i < 32_768; i++) {
                b.exit();
              }
              b.bind(end).exit();
            }))
        .hasMessageContaining("label end is 32768 slots away", "gotol");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1801000001000000                  | slot 0 .*needs a second slot",
        "1801000001000000 0000000100000000 | slot 0 .*second slot .* immediate only",
        "1871000001000000 0000000000000000 | slot 0 .*source 7",
        "1811000001000000 0000000001000000 | slot 0 .*second immediate of a map_fd load",
        "1801010001000000 0000000000000000 | slot 0 .*offset is 1",
        "0500010000000000 1801000001000000 0000000000000000 | slot 0: leads to slot 2, the second half",
        "0500ffff00000000 05000500000000009500000000000000  | slot 1: leads to slot 7, outside of .* 3",
        "0600000000000080                  | slot 0: leads to slot -2147483647, outside",
        "b70b000000000000                  | slot 0 .*destination register is 11",
        "bfb1000000000000                  | slot 0 .*source register is 11",
        "9500000000000000 ff00000000000000 | slot 1 .*opcode 0xff is none",
        "e500010000000000                  | slot 0 .*opcode 0xe5 is none",
        "bf21040000000000                  | slot 0 .*offset is 4; a move extends",
        "bc21200000000000                  | slot 0 .*offset is 32; a move extends",
        "d401000018000000                  | slot 0 .*24 bits",
        "dc21000010000000                  | slot 0 .*source register is 2",
        "db21000002000000                  | slot 0 .*atomic operation 0x2",
        "8530000001000000                  | slot 0 .*call of source 3",
        "8d00000005000000                  | slot 0 .*immediate of callx is 5",
        "3f21020000000000                  | slot 0 .*offset is 2",
        "cf21010000000000                  | slot 0 .*offset is 1",
        "950000                            | 3 bytes .* whole slots",
      })
  void whatIsMalformedIsRefusedWithItsSlot(String code, String message) {
    assertThatThrownBy(() -> Code.decode(bytes(code)))
        .isInstanceOf(BadDataException.class)
        .hasMessageMatching(message + ".*");
  }

  @ParameterizedTest
  @CsvSource({
    "r1 += r2, V1",
    "w1 += w2, V1",
    "*(u8 *)(r1 + 0) = 5, V1",
    "lock *(u64 *)(r1 + 0) += r2, V1",
    "if r1 > 1 goto +0, V1",
    "if r1 < 1 goto +0, V2",
    "if w1 > 1 goto +0, V3",
    "lock *(u64 *)(r1 + 0) |= r2, V3",
    "r1 s/= r2, V4",
    "r1 = (s8)r2, V4",
    "r1 = *(s8 *)(r2 + 0), V4",
    "r1 = bswap32 r1, V4",
    "r1 = be32 r1, V1",
    "gotol +0, V4"
  })
  void eachInstructionKnowsItsVersion(String text, CpuVersion version) {
    assertThat(Assembler.assemble("text", text, Dialect.LLVM).needs()).isEqualTo(version);
  }
}
