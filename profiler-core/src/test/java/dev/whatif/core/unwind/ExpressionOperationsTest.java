package dev.whatif.core.unwind;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.core.elf.ByteCursor;
import java.lang.foreign.MemorySegment;
import java.util.HexFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each operation of DWARF 5, section 2.5, with the result that the standard says. */
class ExpressionOperationsTest {

  /** Each register holds 1000 times its number; memory holds 3 times its address. */
  @ParameterizedTest(name = "{0}: {1} is {2}")
  @CsvSource({
    "addr with bias,      03 00 10 00 00 00 00 00 00,    69632", // 0x1000 + 0x10000
    "deref,               08 64 06,                      300",
    "deref_size 1,        0a e8 03 94 01,                184", // 3000 & 0xff
    "deref_size 4,        0a e8 03 94 04,                3000",
    "const1u,             08 ff,                         255",
    "const1s,             09 ff,                         -1",
    "const2u,             0a ff ff,                      65535",
    "const2s,             0b fe ff,                      -2",
    "const4u,             0c ff ff ff ff,                4294967295",
    "const4s,             0d fd ff ff ff,                -3",
    "const8u,             0e 01 00 00 00 00 00 00 80,    -9223372036854775807",
    "const8s,             0f ff ff ff ff ff ff ff ff,    -1",
    "constu,              10 e5 8e 26,                   624485",
    "consts,              11 80 7f,                      -128",
    "dup,                 35 12 22,                      10",
    "drop,                35 36 13,                      5",
    "over,                35 36 14,                      5",
    "pick,                35 36 37 15 02,                5",
    "swap,                35 36 16 1c,                   1",
    "rot first,           31 32 33 17 13 13,             3",
    "rot,                 31 32 33 17,                   2",
    "abs,                 09 fb 19,                      5",
    "and,                 3c 3a 1a,                      8",
    "div signed,          09 f9 32 1b,                   -3",
    "minus,               35 37 1c,                      -2",
    "mod,                 37 33 1d,                      1",
    "mul,                 37 09 fe 1e,                   -14",
    "neg,                 35 1f,                         -5",
    "not,                 35 20,                         -6",
    "or,                  35 3a 21,                      15",
    "plus,                35 3a 22,                      15",
    "plus_uconst,         35 23 80 01,                   133",
    "shl,                 31 3a 24,                      1024",
    "shl too far,         31 08 40 24,                   0",
    "shr,                 09 ff 08 3c 25,                15",
    "shra,                09 f0 32 26,                   -4",
    "shra too far,        09 f0 08 50 26,                -1",
    "xor,                 3c 3a 27,                      6",
    "eq,                  35 35 29,                      1",
    "ge signed,           09 ff 30 2a,                   0",
    "gt,                  36 35 2b,                      1",
    "le,                  09 ff 30 2c,                   1",
    "lt,                  35 35 2d,                      0",
    "ne,                  35 36 2e,                      1",
    "bra taken,           31 31 28 01 00 32,             1",
    "bra not taken,       31 30 28 01 00 32,             2",
    "skip,                31 2f 01 00 32,                1",
    "lit31,               4f,                            31",
    "breg6 -8,            76 78,                         5992",
    "bregx,               92 07 10,                      7016",
    "nop,                 31 96,                         1",
    "the PLT's,           77 08 80 00 3f 1a 3b 2a 33 24 22, 7008"
  })
  void operation(String name, String code, long expected) {
    byte[] bytes = HexFormat.ofDelimiter(" ").parseHex(code);
    MemorySegment segment = MemorySegment.ofArray(bytes);
    UnwindTableWriter writer = new UnwindTableWriter(name, 0);
    int at = writer.expression(segment, new ByteCursor(segment, name));
    UnwindTable table = UnwindTable.over(writer.finish());
    Registers registers = new Registers();
    for (int r = 0; r < Registers.COUNT; r++) {
      registers.set(r, 1000L * r);
    }
    StackMemory memory =
        (address, out, index) -> {
          out[index] = address * 3;
          return true;
        };
    ExpressionMachine machine = new ExpressionMachine();
    assertThat(machine.run(table, at, false, 0, 0x10000, registers, memory))
        .isEqualTo(ExpressionMachine.Outcome.DONE);
    assertThat(machine.result()).isEqualTo(expected);
  }
}
