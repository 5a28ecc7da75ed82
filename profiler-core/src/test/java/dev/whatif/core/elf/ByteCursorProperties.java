package dev.whatif.core.elf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.whatif.core.failure.BadDataException;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class ByteCursorProperties {

  @Property
  void unsignedLeb128ReadsWhatDwarfWrites(
      @ForAll long value, @ForAll @IntRange(max = 4) int padding) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    long rest = value;
    do {
      out.write((int) (rest & 0x7f | (rest >>> 7 != 0 || padding > 0 ? 0x80 : 0)));
      rest >>>= 7;
    } while (rest != 0);
    for (int i = 1; i <= padding; i++) {
      out.write(i < padding ? 0x80 : 0);
    }
    ByteCursor c = cursor(out.toByteArray());
    assertThat(c.uleb()).isEqualTo(value);
    assertThat(c.hasRemaining()).isFalse();
  }

  @Property
  void signedLeb128ReadsWhatDwarfWrites(@ForAll long value) {
    // DWARF 5, appendix C, figure C.2
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    long rest = value;
    boolean more = true;
    while (more) {
      int b = (int) (rest & 0x7f);
      rest >>= 7;
      more = !(rest == 0 && (b & 0x40) == 0 || rest == -1 && (b & 0x40) != 0);
      out.write(more ? b | 0x80 : b);
    }
    ByteCursor c = cursor(out.toByteArray());
    assertThat(c.sleb()).isEqualTo(value);
    assertThat(c.hasRemaining()).isFalse();
  }

  @Example
  void theEndIsAnErrorThatNamesThePieceAndTheOffset() {
    ByteCursor c = cursor(new byte[] {(byte) 0x80, (byte) 0x80});
    assertThatThrownBy(c::uleb)
        .isInstanceOf(BadDataException.class)
        .hasMessageContaining("a.out: .debug_info")
        .hasMessageContaining("offset 0x2");
    assertThatThrownBy(() -> cursor(new byte[3]).s32()).isInstanceOf(BadDataException.class);
    assertThatThrownBy(() -> cursor(new byte[3]).seek(4)).isInstanceOf(BadDataException.class);
    assertThatThrownBy(() -> cursor(new byte[3]).seek(-1)).isInstanceOf(BadDataException.class);
    assertThatThrownBy(() -> cursor(new byte[] {'a'}).cString())
        .isInstanceOf(BadDataException.class);
    assertThatThrownBy(() -> cursor(new byte[3]).take(Long.MAX_VALUE))
        .isInstanceOf(BadDataException.class);
  }

  @Example
  void aTextMayBeLimited() {
    byte[] text = {'a', 'b', 'c', 0};
    assertThat(cursor(text).cString(3)).isEqualTo("abc");
    assertThatThrownBy(() -> cursor(text).cString(2))
        .isInstanceOf(BadDataException.class)
        .hasMessageContaining("more than 2 bytes");
  }

  private static ByteCursor cursor(byte[] bytes) {
    return new ByteCursor(MemorySegment.ofArray(bytes), "a.out: .debug_info");
  }
}
