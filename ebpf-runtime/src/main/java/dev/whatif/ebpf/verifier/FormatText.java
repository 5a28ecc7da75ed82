package dev.whatif.ebpf.verifier;

import dev.whatif.ebpf.bpfhelper.HelperFunction;
import dev.whatif.ebpf.isa.Register;
import dev.whatif.ebpf.verifier.RegisterState.Pointer;
import dev.whatif.ebpf.verifier.RegisterState.Scalar;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Texts that helpers take as constants, and what the formats among them ask for ({@code
 * check_reg_const_str} in kernel/bpf/verifier.c, {@code bpf_bprintf_prepare} in
 * kernel/bpf/helpers.c).
 */
final class FormatText {

  private FormatText() {}

  /** Refuses what is no text in a read-only map. */
  static void require(Verification in, Register register, RegisterState value) {
    if (text(in, value).isEmpty()) {
      throw new Fault(
          "r%d is %s, not a text that is known now".formatted(register.number(), value.text()),
          "use a string constant: static const char text[] = \"...\";");
    }
  }

  /** Checks the format of bpf_snprintf against the values that are handed in. */
  static void check(Verification in, MachineState state, HelperFunction helper) {
    if (helper != HelperFunction.SNPRINTF) {
      return;
    }
    String format = text(in, state.get(Register.R3)).orElseThrow();
    Scalar bytes = (Scalar) state.get(Register.R5);
    long given = bytes.range().bits().value();
    if (given % Long.BYTES != 0) {
      throw new Fault(
          "bpf_snprintf: the values are %d bytes".formatted(given),
          "hand in an array of 64-bit values and its size in bytes");
    }
    int asked = conversions(format);
    if (asked < 0 || asked > given / Long.BYTES) {
      throw new Fault(
          "bpf_snprintf: \"%s\" %s"
              .formatted(
                  format,
                  asked < 0
                      ? "has a conversion that is not known"
                      : "asks for %d values of %d".formatted(asked, given / Long.BYTES)),
          "use %d, %i, %u, %x, %X, %c, %s, %p with l or ll, and hand in a value for each");
    }
  }

  /** How many values a format asks for; negative when it has a conversion that is not known. */
  private static int conversions(String format) {
    int count = 0;
    for (int i = 0; i < format.length(); i++) {
      char c = format.charAt(i);
      if (c > 126 || c < 32 && !Character.isWhitespace(c)) {
        return -1;
      }
      if (c != '%') {
        continue;
      }
      i++;
      if (i < format.length() && format.charAt(i) == '%') {
        continue;
      }
      while (i < format.length() && "0+- ".indexOf(format.charAt(i)) >= 0) {
        i++;
      }
      while (i < format.length() && Character.isDigit(format.charAt(i))) {
        i++;
      }
      for (int l = 0; l < 2 && i < format.length() && format.charAt(i) == 'l'; l++) {
        i++;
      }
      if (i >= format.length() || "diuxXcsp".indexOf(format.charAt(i)) < 0) {
        return -1;
      }
      while (format.charAt(i) == 'p'
          && i + 1 < format.length()
          && Character.isLetterOrDigit(format.charAt(i + 1))) {
        return "ks".indexOf(format.charAt(i + 1)) >= 0 ? count + 1 : -1;
      }
      count++;
    }
    return count;
  }

  private static Optional<String> text(Verification in, RegisterState value) {
    if (!(value instanceof Pointer pointer)
        || !(pointer.to() instanceof Provenance.MapValue(int map))
        || pointer.nullable()
        || !pointer.isFixed()) {
      return Optional.empty();
    }
    byte[] data = in.maps.frozen(map).orElse(new byte[0]);
    long from = pointer.fixedOffset();
    if (from < 0 || from >= data.length) {
      return Optional.empty();
    }
    for (int i = (int) from; i < data.length; i++) {
      if (data[i] == 0) {
        return Optional.of(
            new String(data, (int) from, i - (int) from, StandardCharsets.ISO_8859_1));
      }
    }
    return Optional.empty();
  }
}
