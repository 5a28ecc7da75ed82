package dev.whatif.core.symbol;

import dev.whatif.core.symbol.RustV0Reader.Malformed;

/** Identifiers with letters beyond ASCII (RFC 3492, with "_" for "-", as RFC 2603 says). */
final class Punycode {

  private static final int BASE = 36;
  private static final int T_MIN = 1;
  private static final int T_MAX = 26;
  private static final int SKEW = 38;
  private static final int DAMP = 700;

  /** Insertion is quadratic: longer identifiers are refused. */
  private static final int MAX_CODE_POINTS = 256;

  private Punycode() {}

  static String decode(String text) throws Malformed {
    int delimiter = text.lastIndexOf('_');
    StringBuilder out = new StringBuilder(delimiter < 0 ? "" : text.substring(0, delimiter));
    int at = delimiter + 1;
    if (at == text.length() || text.length() > MAX_CODE_POINTS) {
      throw new Malformed();
    }
    int points = out.length();
    int n = 0x80;
    int bias = 72;
    long i = 0;
    boolean first = true;
    while (at < text.length()) {
      long old = i;
      long weight = 1;
      for (int k = BASE; ; k += BASE) {
        if (at == text.length()) {
          throw new Malformed();
        }
        int digit = digit(text.charAt(at++));
        i += digit * weight;
        if (i > Integer.MAX_VALUE) {
          throw new Malformed();
        }
        int t = Math.clamp(k - bias, T_MIN, T_MAX);
        if (digit < t) {
          break;
        }
        weight *= BASE - t;
        if (weight > Integer.MAX_VALUE) {
          throw new Malformed();
        }
      }
      points++;
      bias = adapt(i - old, points, first);
      first = false;
      n += (int) (i / points);
      i %= points;
      if (!Character.isValidCodePoint(n)) {
        throw new Malformed();
      }
      out.insert(out.offsetByCodePoints(0, (int) i), Character.toString(n));
      i++;
    }
    return out.toString();
  }

  private static int digit(char c) throws Malformed {
    if (c >= 'a' && c <= 'z') {
      return c - 'a';
    }
    if (c >= '0' && c <= '9') {
      return c - '0' + 26;
    }
    throw new Malformed();
  }

  private static int adapt(long delta, int points, boolean first) {
    long d = first ? delta / DAMP : delta / 2;
    d += d / points;
    int k = 0;
    while (d > (BASE - T_MIN) * T_MAX / 2) {
      d /= BASE - T_MIN;
      k += BASE;
    }
    return (int) (k + (BASE - T_MIN + 1) * d / (d + SKEW));
  }
}
