package dev.whatif.ebpf.object;

import dev.whatif.core.failure.BadDataException;
import dev.whatif.core.failure.UnavailableException;
import dev.whatif.ebpf.btf.Btf;
import dev.whatif.ebpf.btf.BtfType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/**
 * A {@code __kconfig} variable: a setting of the kernel that the program sees as a constant
 * (libbpf, {@code set_kcfg_value_*}).
 *
 * @param name {@code CONFIG_...} or {@code LINUX_...}
 * @param weak 0 when the kernel has no such setting
 * @param offset in {@code .kconfig}
 * @param size bytes
 * @param shape how to read the setting
 * @param signed of a number
 */
record ConfigExtern(String name, boolean weak, int offset, int size, Shape shape, boolean signed) {

  /** Kinds of values. */
  enum Shape {
    BOOL,
    CHARACTER,
    NUMBER,
    /** libbpf's {@code enum libbpf_tristate}: no, yes, module. */
    TRISTATE,
    TEXT
  }

  /** How a type is filled, empty when it cannot be. */
  static Optional<Shape> shapeOf(Btf btf, int typeId) {
    return Optional.ofNullable(
        switch (btf.type(btf.resolve(typeId))) {
          case BtfType.Int i when i.isBool() -> i.size() == 1 ? Shape.BOOL : null;
          case BtfType.Int i when i.size() == 1 -> Shape.CHARACTER;
          case BtfType.Int i ->
              i.size() <= 8 && Integer.bitCount(i.size()) == 1 ? Shape.NUMBER : null;
          case BtfType.Enum e ->
              e.size() == 4 && e.name().equals("libbpf_tristate") ? Shape.TRISTATE : null;
          case BtfType.Array a ->
              a.count() > 0
                      && btf.type(btf.resolve(a.element())) instanceof BtfType.Int i
                      && i.size() == 1
                      && !i.isBool()
                  ? Shape.TEXT
                  : null;
          default -> null;
        });
  }

  /**
   * The bytes of the value.
   *
   * @throws UnavailableException when the kernel has no such setting and it is not weak
   * @throws BadDataException when the setting does not fit the variable's type
   */
  byte[] value(KernelConfig config) {
    Optional<String> text = config.value(name);
    if (text.isEmpty()) {
      if (weak) {
        return new byte[size];
      }
      throw new UnavailableException(
          "'" + name + "' is no setting of this kernel (" + config.origin() + ")",
          "declare it __weak, or boot a kernel that has it");
    }
    String setting = text.get();
    return switch (shape) {
      case BOOL ->
          number(
              switch (setting) {
                case "y" -> 1;
                case "n" -> 0;
                default -> throw misfit(setting);
              });
      case TRISTATE ->
          number(
              switch (setting) {
                case "n" -> 0;
                case "y" -> 1;
                case "m" -> 2;
                default -> throw misfit(setting);
              });
      case CHARACTER -> setting.matches("[ymn]") ? number(setting.charAt(0)) : parsed(setting);
      case NUMBER -> parsed(setting);
      case TEXT -> quoted(setting);
    };
  }

  private byte[] quoted(String setting) {
    if (setting.length() < 2 || !setting.startsWith("\"") || !setting.endsWith("\"")) {
      throw misfit(setting);
    }
    byte[] text = setting.substring(1, setting.length() - 1).getBytes(StandardCharsets.UTF_8);
    byte[] value = new byte[size];
    System.arraycopy(text, 0, value, 0, Math.min(text.length, size - 1));
    return value;
  }

  private byte[] parsed(String setting) {
    String digits = setting.toLowerCase(Locale.ROOT);
    try {
      long value =
          digits.startsWith("0x")
              ? Long.parseUnsignedLong(digits.substring(2), 16)
              : Long.parseLong(digits);
      int bits = size * 8;
      boolean fits =
          bits == 64
              || (signed
                  ? value >= -1L << bits - 1 && value < 1L << bits - 1
                  : value >= 0 && value < 1L << bits);
      if (fits) {
        return number(value);
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw misfit(setting);
  }

  private byte[] number(long value) {
    byte[] wide =
        ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array();
    return java.util.Arrays.copyOf(wide, size);
  }

  private BadDataException misfit(String setting) {
    return new BadDataException(
        "%s=%s of this kernel does not fit a variable of %d bytes (%s)"
            .formatted(name, setting, size, shape.name().toLowerCase(Locale.ROOT)));
  }
}
