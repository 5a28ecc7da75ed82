package dev.whatif.core.symbol;

import java.math.BigInteger;

/** The letters, numbers and identifiers of a Rust v0 name (RFC 2603, "Syntax of mangled names"). */
final class RustV0Reader {

  /** A name that does not follow the grammar, or is too deep or too long. */
  static final class Malformed extends Exception {
    private static final long serialVersionUID = 1L;

    Malformed() {
      super("malformed Rust name", null, false, false);
    }
  }

  private static final int MAX_IDENTIFIER_CHARS = 4096;

  private final String text;
  private int next;

  /** Reads a name without its {@code _R} and vendor suffix. */
  RustV0Reader(String text) {
    this.text = text;
  }

  int position() {
    return next;
  }

  void seek(int position) {
    next = position;
  }

  boolean atEnd() {
    return next >= text.length();
  }

  /** The next letter, not taken; 0 at the end. */
  char peek() {
    return next < text.length() ? text.charAt(next) : 0;
  }

  char take() throws Malformed {
    if (atEnd()) {
      throw new Malformed();
    }
    return text.charAt(next++);
  }

  /** Takes the next letter if it is this one. */
  boolean eat(char c) {
    if (peek() == c) {
      next++;
      return true;
    }
    return false;
  }

  /** {@code base-62-number}: "_" is 0, "0_" is 1; unsigned 64 bits, so it may come out negative. */
  long base62() throws Malformed {
    if (eat('_')) {
      return 0;
    }
    long x = 0;
    while (!eat('_')) {
      char c = take();
      int digit;
      if (c >= '0' && c <= '9') {
        digit = c - '0';
      } else if (c >= 'a' && c <= 'z') {
        digit = c - 'a' + 10;
      } else if (c >= 'A' && c <= 'Z') {
        digit = c - 'A' + 36;
      } else {
        throw new Malformed();
      }
      x = x * 62 + digit;
    }
    return x + 1;
  }

  /** A number behind a tag, 0 when the tag is not there. */
  long optionalBase62(char tag) throws Malformed {
    return eat(tag) ? base62() + 1 : 0;
  }

  long disambiguator() throws Malformed {
    return optionalBase62('s');
  }

  /** {@code undisambiguated-identifier}, readable. */
  String identifier() throws Malformed {
    boolean punycode = eat('u');
    int length = decimal();
    eat('_');
    if (length > text.length() - next || length > MAX_IDENTIFIER_CHARS) {
      throw new Malformed();
    }
    String bytes = text.substring(next, next + length);
    next += length;
    return punycode ? Punycode.decode(bytes) : bytes;
  }

  private int decimal() throws Malformed {
    char c = take();
    if (c < '0' || c > '9') {
      throw new Malformed();
    }
    int n = c - '0';
    while (c != '0' && peek() >= '0' && peek() <= '9') {
      n = n * 10 + (take() - '0');
      if (n > text.length()) {
        throw new Malformed();
      }
    }
    return n;
  }

  /** {@code {hex-digit} "_"}: the digits. */
  String hex() throws Malformed {
    int begin = next;
    while ((peek() >= '0' && peek() <= '9') || (peek() >= 'a' && peek() <= 'f')) {
      next++;
    }
    String digits = text.substring(begin, next);
    if (!eat('_')) {
      throw new Malformed();
    }
    return digits;
  }

  /** A number as rustc prints it: decimal up to 64 bits, else hexadecimal. */
  static String number(String hex) {
    String digits = hex.isEmpty() ? "0" : hex;
    return digits.length() > 16 ? "0x" + digits : new BigInteger(digits, 16).toString();
  }
}
