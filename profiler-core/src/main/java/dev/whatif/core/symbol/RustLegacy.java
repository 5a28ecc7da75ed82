package dev.whatif.core.symbol;

import java.util.Optional;

/**
 * Rust's first mangling: that of C++ namespaces, with a hash as the last part and other characters
 * escaped as {@code $LT$} or {@code ..} (rustc {@code rustc_symbol_mangling::legacy}).
 */
final class RustLegacy {

  private static final int HASH_CHARS = 17; // h and 16 hexadecimal digits
  private static final int MIN_DISTINCT_DIGITS = 5;

  private RustLegacy() {}

  /**
   * The path without the hash, or empty when it is no such name. A name of C++ whose last part
   * happens to look like a hash is taken for Rust, unless its digits repeat too much.
   */
  static Optional<String> demangle(String name) {
    if (!name.startsWith("_ZN")) {
      return Optional.empty();
    }
    StringBuilder out = new StringBuilder(name.length());
    String part = null;
    int at = 3;
    while (at < name.length() && name.charAt(at) != 'E') {
      int length = 0;
      int digits = at;
      while (at < name.length() && isDigit(name.charAt(at)) && length < name.length()) {
        length = length * 10 + (name.charAt(at++) - '0');
      }
      if (at == digits || length > name.length() - at) {
        return Optional.empty();
      }
      if (part != null) {
        if (!out.isEmpty()) {
          out.append("::");
        }
        unescape(part, out);
      }
      part = name.substring(at, at + length);
      at += length;
    }
    if (at >= name.length() || part == null || out.isEmpty() || !isHash(part)) {
      return Optional.empty();
    }
    String suffix = name.substring(at + 1);
    if (!suffix.isEmpty() && suffix.charAt(0) != '.') {
      return Optional.empty();
    }
    return Optional.of(
        suffix.startsWith(".llvm.") ? out.toString() : out.append(suffix).toString());
  }

  private static boolean isHash(String part) {
    if (part.length() != HASH_CHARS || part.charAt(0) != 'h') {
      return false;
    }
    int seen = 0;
    for (int i = 1; i < part.length(); i++) {
      char c = part.charAt(i);
      if (!isDigit(c) && (c < 'a' || c > 'f')) {
        return false;
      }
      seen |= 1 << Character.digit(c, 16);
    }
    return Integer.bitCount(seen) >= MIN_DISTINCT_DIGITS;
  }

  private static void unescape(String part, StringBuilder out) {
    // An underscore stands before an escape so that the part begins like an identifier.
    int i = part.startsWith("_$") ? 1 : 0;
    while (i < part.length()) {
      char c = part.charAt(i);
      if (c == '.') {
        boolean path = i + 1 < part.length() && part.charAt(i + 1) == '.';
        out.append(path ? "::" : ".");
        i += path ? 2 : 1;
      } else if (c == '$') {
        int end = part.indexOf('$', i + 1);
        String text = end < 0 ? "" : escape(part.substring(i + 1, end));
        if (text.isEmpty()) {
          out.append(part, i, part.length());
          return;
        }
        out.append(text);
        i = end + 1;
      } else {
        out.append(c);
        i++;
      }
    }
  }

  /** The text of an escape, "" when it is none. */
  private static String escape(String code) {
    return switch (code) {
      case "SP" -> "@";
      case "BP" -> "*";
      case "RF" -> "&";
      case "LT" -> "<";
      case "GT" -> ">";
      case "LP" -> "(";
      case "RP" -> ")";
      case "C" -> ",";
      default -> code.startsWith("u") ? character(code.substring(1)) : "";
    };
  }

  private static String character(String hex) {
    if (hex.isEmpty() || hex.length() > 6) {
      return "";
    }
    try {
      int c = Integer.parseUnsignedInt(hex, 16);
      return Character.isValidCodePoint(c) && !Character.isISOControl(c)
          ? Character.toString(c)
          : "";
    } catch (NumberFormatException e) {
      return "";
    }
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }
}
