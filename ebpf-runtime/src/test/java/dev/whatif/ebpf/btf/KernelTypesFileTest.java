package dev.whatif.ebpf.btf;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.whatif.core.failure.BadDataException;
import dev.whatif.core.failure.UnavailableException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KernelTypesFileTest {

  @TempDir private Path folder;

  @Test
  void aKernelWithoutTypesIsSaidToHaveNone() {
    Path none = folder.resolve("vmlinux");
    assertThatThrownBy(() -> KernelTypesFile.read(none))
        .isInstanceOf(UnavailableException.class)
        .hasMessageContaining("does not show its types: " + none);
  }

  @Test
  void aFileThatCannotBeReadIsNamed() {
    assertThatThrownBy(() -> KernelTypesFile.read(folder))
        .isInstanceOf(UnavailableException.class)
        .hasMessageContaining(folder.toString());
  }

  @Test
  void aDamagedFileIsNamedWithTheOffset() throws IOException {
    Path file = Files.write(folder.resolve("vmlinux"), new byte[100]);
    assertThatThrownBy(() -> KernelTypesFile.read(file))
        .isInstanceOf(BadDataException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining("magic");
  }

  /** 100,000 types, each named by another part of one string of 4 MB. */
  @Test
  void overlappingNamesDoNotCostTheirNumberTimesTheirLength() {
    int types = 100_000;
    int strings = 4 << 20;
    ByteBuffer blob = ByteBuffer.allocate(24 + types * 12 + strings).order(ByteOrder.LITTLE_ENDIAN);
    blob.putShort((short) 0xeb9f).put((byte) 1).put((byte) 0).putInt(24);
    blob.putInt(0).putInt(types * 12).putInt(types * 12).putInt(strings);
    for (int i = 1; i <= types; i++) {
      blob.putInt(i).putInt(7 << 24).putInt(0); // a forward declaration
    }
    Arrays.fill(blob.array(), blob.position() + 1, blob.capacity() - 1, (byte) 'a');
    Btf btf = Btf.parse("hostile", blob.array());
    assertTimeoutPreemptively(
        ofSeconds(5), () -> assertThat(btf.find(BtfKind.STRUCT, "b")).isEmpty());
  }
}
