package dev.whatif.causal.progress;

import dev.whatif.causal.account.RequestKey;
import dev.whatif.core.failure.UnavailableException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a static probe keeps its arguments: {@code -4@%esi 8@-24(%rbp) 4@$7}, in the syntax of the
 * assembler with the size in front, negative when signed (systemtap's sys/sdt.h,
 * UserSpaceProbeImplementation).
 */
final class UsdtArguments {

  /** Numbers of nine digits fit into 32 bits; greater ones tell no requests apart. */
  private static final Pattern ARGUMENT =
      Pattern.compile("(-?[1248])@(?:\\$(-?\\d{1,9})|%(\\w+)|(-?\\d{1,9})?\\(%(\\w+)\\))");

  /** In DWARF's order (System V ABI, figure 3.36). */
  private static final List<String> REGISTERS =
      List.of("ax", "dx", "cx", "bx", "si", "di", "bp", "sp");

  private static final Map<String, Integer> NUMBERS = new HashMap<>();

  static {
    for (int i = 0; i < REGISTERS.size(); i++) {
      String name = REGISTERS.get(i);
      NUMBERS.put("r" + name, i);
      NUMBERS.put("e" + name, i);
      NUMBERS.put(name, i);
      NUMBERS.put((name.endsWith("x") ? name.substring(0, 1) : name) + "l", i);
    }
    for (int i = 8; i < 16; i++) {
      for (String end : List.of("", "d", "w", "b")) {
        NUMBERS.put("r" + i + end, i);
      }
    }
  }

  private UsdtArguments() {}

  /**
   * The place of an argument.
   *
   * @param text all arguments of the probe
   * @param number from 1 on
   * @throws UnavailableException when there is none, or it is kept where it cannot be read
   */
  static RequestKey argument(String probe, String text, int number) {
    List<String> all = text.isBlank() ? List.of() : List.of(text.strip().split(" +", -1));
    if (number > all.size()) {
      throw new UnavailableException(
          "probe %s passes %d arguments, not %d".formatted(probe, all.size(), number),
          "choose another key, or leave out --latency-key to pair by thread");
    }
    String one = all.get(number - 1).toLowerCase(Locale.ROOT);
    Matcher m = ARGUMENT.matcher(one);
    if (m.matches()) {
      int size = Integer.parseInt(m.group(1));
      boolean signed = size < 0;
      if (m.group(2) != null) {
        return new RequestKey(
            RequestKey.Kind.CONSTANT, -1, Integer.parseInt(m.group(2)), Math.abs(size), signed);
      }
      boolean direct = m.group(3) != null;
      Integer register = NUMBERS.get(direct ? m.group(3) : m.group(5));
      if (register != null) {
        int displacement = direct || m.group(4) == null ? 0 : Integer.parseInt(m.group(4));
        return new RequestKey(
            direct ? RequestKey.Kind.REGISTER : RequestKey.Kind.MEMORY,
            register,
            displacement,
            Math.abs(size),
            signed);
      }
    }
    throw new UnavailableException(
        "argument %d of probe %s is kept in '%s', which cannot be read"
            .formatted(number, probe, one),
        "choose another key, or leave out --latency-key to pair by thread");
  }
}
