package dev.whatif.ebpf.runtime;

import dev.whatif.core.linux.Errno;
import java.math.BigInteger;

/**
 * What bpf_strtol and bpf_strtoul find at the beginning of a text (kernel/bpf/helpers.c,
 * lib/kstrtox.c): white space, a minus, 63 characters at most with a prefix 0x or 0 and digits.
 *
 * @param value 0 when there is none
 * @param result characters that belong to it, white space before it included, or a negative errno
 */
public record ParsedNumber(long value, int result) {

  private static final BigInteger MOST = BigInteger.ONE.shiftLeft(Long.SIZE);
  private static final int BASE_MASK = 0x1f;
  private static final int LONGEST = 63;

  /** lib/ctype.c, which is Latin-1's. */
  private static final int NO_BREAK_SPACE = 0xa0;

  /**
   * Parses.
   *
   * @param flags the base: 0 for that of the prefix, 8, 10 or 16; anything else is refused
   */
  public static ParsedNumber of(byte[] text, long flags, boolean signed) {
    boolean isBase = flags == 0 || flags == 8 || flags == 10 || flags == 16;
    if (!isBase || text.length == 0) {
      return failed(Errno.EINVAL);
    }
    int at = 0;
    while (at < text.length && isSpace(text[at] & 0xff)) {
      at++;
    }
    boolean negative = at < text.length && text[at] == '-';
    at += negative ? 1 : 0;
    int end = Math.min(text.length, at + LONGEST);
    int base = (int) flags & BASE_MASK;
    boolean isZero = at < end && text[at] == '0';
    boolean isX = isZero && at + 1 < end && (text[at + 1] | 0x20) == 'x';
    if (base == 0) {
      boolean isHexadecimal = isX && at + 2 < end && digit(text[at + 2]) >= 0;
      base = isHexadecimal ? 16 : isZero ? 8 : 10;
    }
    at += base == 16 && isX ? 2 : 0;
    return digits(text, at, end, base, negative, signed);
  }

  private static ParsedNumber digits(
      byte[] text, int from, int end, int base, boolean negative, boolean signed) {
    int at = from;
    BigInteger value = BigInteger.ZERO;
    for (; at < end && digit(text[at]) >= 0 && digit(text[at]) < base; at++) {
      value = value.multiply(BigInteger.valueOf(base)).add(BigInteger.valueOf(digit(text[at])));
      if (value.compareTo(MOST) >= 0) {
        return failed(Errno.ERANGE);
      }
    }
    if (at == from || negative && !signed) {
      return failed(Errno.EINVAL);
    }
    BigInteger result = negative ? value.negate() : value;
    if (signed && result.bitLength() > Long.SIZE - 1) {
      return failed(Errno.ERANGE);
    }
    return new ParsedNumber(result.longValue(), at);
  }

  private static ParsedNumber failed(Errno errno) {
    return new ParsedNumber(0, -errno.value());
  }

  private static boolean isSpace(int c) {
    return c == ' ' || c >= '\t' && c <= '\r' || c == NO_BREAK_SPACE;
  }

  /** Of base 16; negative when it is none. */
  private static int digit(byte c) {
    if (c >= '0' && c <= '9') {
      return c - '0';
    }
    int letter = c | 0x20;
    return letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
  }
}
