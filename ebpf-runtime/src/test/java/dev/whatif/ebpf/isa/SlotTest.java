package dev.whatif.ebpf.isa;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class SlotTest {

  @Test
  void bytesAreWhereTheStandardPutsThem() {
    // if r1 != 7 goto -2 with a source field that means nothing here
    byte[] program = HexFormat.of().parseHex("5531feff07000000");
    Slot slot = Slot.at(program, 0);
    assertThat(slot).isEqualTo(new Slot(0x55, 1, 3, (short) -2, 7));
    byte[] written = new byte[8];
    slot.put(written, 0);
    assertThat(written).isEqualTo(program);
  }

  @Test
  void negativeImmediatesDoNotSpill() {
    Slot slot = new Slot(0xb7, 10, 0, (short) -1, -1);
    assertThat(Slot.of(slot.bits())).isEqualTo(slot);
  }
}
