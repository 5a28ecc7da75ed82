package dev.whatif.ebpf.btf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.whatif.core.failure.BadDataException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

class BtfExtTest {

  /**
   * One record of each kind for a section named like type 1; strings are offsets into {@code btf}.
   */
  static byte[] sample(Btf btf) {
    int name = btf.nameOffset(1);
    ByteBuffer out = ByteBuffer.allocate(32 + 20 + 28 + 28).order(ByteOrder.LITTLE_ENDIAN);
    out.putShort((short) 0xeb9f).put((byte) 1).put((byte) 0).putInt(32);
    out.putInt(0).putInt(20).putInt(20).putInt(28).putInt(48).putInt(28);
    out.putInt(8).putInt(name).putInt(1).putInt(16).putInt(1);
    out.putInt(16).putInt(name).putInt(1).putInt(16).putInt(name).putInt(name).putInt(7 << 10 | 3);
    out.putInt(16).putInt(name).putInt(1).putInt(24).putInt(1).putInt(name).putInt(12);
    return out.array();
  }

  @Test
  void recordsAreFoundBySection() {
    BtfBuilder builder = new BtfBuilder();
    builder.add(new BtfType.Int(1, "int", 4, BtfType.Int.SIGNED, 0, 32));
    Btf btf = builder.build("types");
    BtfExt ext = BtfExt.parse("x.o: .BTF.ext", sample(btf), btf);

    assertThat(ext.functions("int")).containsExactly(new FuncInfo(16, 1));
    assertThat(ext.lines("int")).containsExactly(new LineInfo(16, "int", "int", 7, 3, 1, 1));
    assertThat(ext.lines("int").getFirst().lineAndColumn()).isEqualTo(7 << 10 | 3);
    assertThat(ext.relocations("int"))
        .containsExactly(new CoreRelocation(24, 1, "int", CoreRelocationKind.TYPE_MATCHES, 1));
    assertThat(ext.relocations("other")).isEmpty();
  }

  @Test
  void aSectionThatEndsEarlyIsNamedWithItsOffset() {
    Btf btf = new BtfBuilder().build("types");
    assertThatThrownBy(() -> BtfExt.parse("x.o: .BTF.ext", new byte[] {(byte) 0x9f}, btf))
        .isInstanceOf(BadDataException.class)
        .hasMessageContaining("x.o: .BTF.ext")
        .hasMessageContaining("offset 0x0");
  }
}
