package dev.whatif.ebpf.object;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.whatif.core.failure.BadDataException;
import dev.whatif.core.failure.UnavailableException;
import dev.whatif.ebpf.object.ConfigExtern.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KernelConfigTest {

  private static final KernelConfig CONFIG =
      KernelConfig.of(
          "a test",
          """
          # CONFIG_OFF is not set
          CONFIG_ON=y
          CONFIG_MODULE=m
          CONFIG_NUMBER=250
          CONFIG_NEGATIVE=-1
          CONFIG_HEX=0xffff0000
          CONFIG_TEXT="(none)"
          """,
          "6.18.300-5-cloud");

  private static ConfigExtern extern(String name, int size, Shape shape, boolean signed) {
    return new ConfigExtern(name, false, 0, size, shape, signed);
  }

  @ParameterizedTest
  @CsvSource({
    "CONFIG_ON, 1, BOOL, false, 01",
    "CONFIG_ON, 4, TRISTATE, false, 01000000",
    "CONFIG_MODULE, 4, TRISTATE, false, 02000000",
    "CONFIG_MODULE, 1, CHARACTER, true, 6d",
    "CONFIG_NUMBER, 4, NUMBER, true, fa000000",
    "CONFIG_NEGATIVE, 2, NUMBER, true, ffff",
    "CONFIG_HEX, 8, NUMBER, false, 0000ffff00000000",
    "CONFIG_TEXT, 4, TEXT, true, 286e6f00",
    "CONFIG_TEXT, 8, TEXT, true, 286e6f6e65290000",
    "LINUX_KERNEL_VERSION, 4, NUMBER, true, ff120600"
  })
  void aSettingFillsAVariable(String name, int size, Shape shape, boolean signed, String bytes) {
    assertThat(extern(name, size, shape, signed).value(CONFIG))
        .asHexString()
        .isEqualToIgnoringCase(bytes);
  }

  @ParameterizedTest
  @CsvSource({
    "CONFIG_MODULE, 1, BOOL, false",
    "CONFIG_NUMBER, 1, NUMBER, true",
    "CONFIG_NEGATIVE, 4, NUMBER, false",
    "CONFIG_TEXT, 4, NUMBER, false",
    "CONFIG_ON, 4, TEXT, false"
  })
  void oneThatDoesNotFitIsRefused(String name, int size, Shape shape, boolean signed) {
    assertThatThrownBy(() -> extern(name, size, shape, signed).value(CONFIG))
        .isInstanceOf(BadDataException.class)
        .hasMessageContaining(name);
  }

  @Test
  void aMissingOneIsZeroOnlyWhenItIsWeak() {
    assertThat(new ConfigExtern("CONFIG_OFF", true, 0, 4, Shape.NUMBER, false).value(CONFIG))
        .containsOnly(0)
        .hasSize(4);
    assertThatThrownBy(() -> extern("CONFIG_OFF", 4, Shape.NUMBER, false).value(CONFIG))
        .isInstanceOf(UnavailableException.class)
        .hasMessageContaining("CONFIG_OFF");
  }

  @Test
  void whereItIsNotShownThatIsSaid(@TempDir Path root) throws IOException {
    KernelConfig none = KernelConfig.in(root, "6.1.0-x");
    assertThatThrownBy(() -> extern("CONFIG_ON", 1, Shape.BOOL, false).value(none))
        .hasMessageContaining(
            "no " + root + "/proc/config.gz, no " + root + "/boot/config-6.1.0-x");
    assertThat(extern("LINUX_KERNEL_VERSION", 4, Shape.NUMBER, true).value(none))
        .containsExactly(0, 1, 6, 0);
    Files.createDirectory(root.resolve("proc"));
    Files.writeString(root.resolve("proc/config.gz"), "no gzip");
    assertThat(KernelConfig.in(root, "6.1.0-x").origin()).contains("config.gz is damaged");
    Files.createDirectory(root.resolve("boot"));
    Files.writeString(root.resolve("boot/config-6.1.0-x"), "CONFIG_ON=y\n");
    assertThat(KernelConfig.in(root, "6.1.0-x").value("CONFIG_ON")).contains("y");
  }
}
