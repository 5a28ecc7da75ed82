package dev.whatif.ebpf.runtime;

import dev.whatif.core.linux.Errno;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * What the kernel's printf makes of a format and 64-bit arguments: {@code %d %i %u %x %X %c %p %s
 * %%} with {@code l} or {@code ll}, a width, and {@code 0 + -} and space (bpf_bprintf_prepare in
 * kernel/bpf/helpers.c, bstr_printf in lib/vsprintf.c). {@code %p} is the address itself, and so is
 * {@code %ps}, where the kernel names a symbol; addresses of the network ({@code %pI4}) are
 * refused.
 *
 * @param text what is printed; nothing when it is refused
 * @param error 0, or a negative errno: EINVAL for a format that is none or has more conversions
 *     than arguments, ENOSPC when the arguments need more than 512 bytes
 */
@SuppressWarnings("ArrayRecordComponent")
public record FormattedText(byte[] text, int error) {

  /** MAX_BPRINTF_BIN_ARGS of kernel/bpf/helpers.c. */
  private static final int ROOM = 512;

  /** A wider field counts as one of this width, so that no format takes all memory. */
  private static final int WIDEST = 1 << 20;

  private static final int DELETE = 0x7f;
  private static final int WORD = 4;
  private static final int POINTER_DIGITS = 16;

  /**
   * Prints.
   *
   * @param format up to its end, or to the first 0
   * @param arguments {@code %s} takes addresses in this process; one where nothing can be read is
   *     an empty text
   */
  public static FormattedText of(byte[] format, long[] arguments) {
    Printer printer = new Printer(format, arguments);
    int error = printer.print();
    return new FormattedText(error == 0 ? printer.out.toByteArray() : new byte[0], error);
  }

  private static final class Printer {

    final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final byte[] format;
    private final long[] arguments;
    private int at;
    private int argument;
    private int used;

    // of one conversion
    private boolean left;
    private boolean zero;
    private boolean plus;
    private boolean space;
    private int width;

    Printer(byte[] format, long[] arguments) {
      this.format = format;
      this.arguments = arguments;
    }

    /** The character at a distance; 0 behind the end. */
    private int peek(int distance) {
      return at + distance < format.length ? format[at + distance] & 0xff : 0;
    }

    int print() {
      while (peek(0) != 0) {
        int c = peek(0);
        if (c < ' ' && !isControlSpace(c) || c == DELETE) {
          return -Errno.EINVAL.value();
        }
        at++;
        if (c != '%') {
          out.write(c);
        } else if (peek(0) == '%') {
          at++;
          out.write('%');
        } else {
          int error = conversion();
          if (error != 0) {
            return error;
          }
        }
      }
      return 0;
    }

    private int conversion() {
      if (argument == arguments.length) {
        return -Errno.EINVAL.value();
      }
      width();
      int kind = peek(0);
      at++;
      return switch (kind) {
        case 's' -> text(width);
        case 'c' -> character();
        case 'p' -> pointer();
        default -> integer(kind);
      };
    }

    private void width() {
      left = false;
      zero = false;
      plus = false;
      space = false;
      width = -1;
      while (true) {
        switch (peek(0)) {
          case '0' -> zero = true;
          case '+' -> plus = true;
          case '-' -> left = true;
          case ' ' -> space = true;
          default -> {
            for (; Character.isDigit(peek(0)); at++) {
              width = Math.max(width, 0) * 10 + peek(0) - '0'; // overflows as the kernel's does
            }
            return;
          }
        }
        at++;
      }
    }

    private int character() {
      if (used == ROOM) {
        return -Errno.ENOSPC.value();
      }
      used++;
      padded("", new byte[] {(byte) arguments[argument++]}, width, false);
      return 0;
    }

    private int text(int wide) {
      if (!isEnd(peek(0))) {
        return -Errno.EINVAL.value();
      }
      if (used == ROOM) {
        return -Errno.ENOSPC.value();
      }
      byte[] text = MemoryCalls.text(arguments[argument++], ROOM - used);
      used += text.length + 1;
      padded("", text, wide, false);
      return 0;
    }

    private int pointer() {
      int kind = peek(0);
      switch (kind) {
        case 'k', 'u' -> {
          if (peek(1) != 's') {
            return -Errno.EINVAL.value();
          }
          at += 2;
          return text(-1);
        }
        case 'K', 'x', 's', 'S', 'B' -> at++;
        default -> {
          if (!isEnd(kind)) {
            return -Errno.EINVAL.value();
          }
        }
      }
      if (!take(Long.BYTES)) {
        return -Errno.ENOSPC.value();
      }
      byte[] digits = bytes(Long.toHexString(arguments[argument++]));
      if (kind == 's' || kind == 'S' || kind == 'B') {
        padded("", bytes("0x" + new String(digits, StandardCharsets.US_ASCII)), width, false);
      } else {
        padded("", digits, width < 0 ? POINTER_DIGITS : width, zero || width == -1);
      }
      while (isAlphanumeric(peek(0))) { // the kernel takes all of them for the pointer's kind
        at++;
      }
      return 0;
    }

    private int integer(int first) {
      int kind = first;
      boolean wide = false;
      for (int i = 0; i < 2 && kind == 'l'; i++) {
        wide = true;
        kind = peek(0);
        at++;
      }
      if ("iduxX".indexOf(kind) < 0 || kind == 0) {
        return -Errno.EINVAL.value();
      }
      if (!take(wide ? Long.BYTES : Integer.BYTES)) {
        return -Errno.ENOSPC.value();
      }
      long value = arguments[argument++];
      long number = wide ? value : Integer.toUnsignedLong((int) value);
      switch (kind) {
        case 'u' -> padded("", bytes(Long.toUnsignedString(number)), width, zero);
        case 'x' -> padded("", bytes(Long.toHexString(number)), width, zero);
        case 'X' ->
            padded("", bytes(Long.toHexString(number).toUpperCase(Locale.ROOT)), width, zero);
        default -> {
          long signed = wide ? value : (int) value;
          String sign = signed < 0 ? "-" : plus ? "+" : space ? " " : "";
          padded(sign, bytes(Long.toUnsignedString(signed < 0 ? -signed : signed)), width, zero);
        }
      }
      return 0;
    }

    /** Takes room for a number, which lies at a multiple of 4. */
    private boolean take(int bytes) {
      used = used + WORD - 1 & -WORD;
      if (ROOM - used < bytes) {
        return false;
      }
      used += bytes;
      return true;
    }

    private void padded(String sign, byte[] text, int wide, boolean zeros) {
      int missing = Math.max(0, Math.min(wide, WIDEST) - sign.length() - text.length);
      fill(left || zeros ? 0 : missing, ' ');
      out.writeBytes(bytes(sign));
      fill(!left && zeros ? missing : 0, '0');
      out.writeBytes(text);
      fill(left ? missing : 0, ' ');
    }

    private void fill(int count, char with) {
      out.writeBytes(String.valueOf(with).repeat(count).getBytes(StandardCharsets.US_ASCII));
    }
  }

  private static boolean isControlSpace(int c) {
    return c >= '\t' && c <= '\r';
  }

  /** lib/ctype.c, which is Latin-1's. */
  private static boolean isAlphanumeric(int c) {
    boolean latin1 = c >= 0xc0 && c != 0xd7 && c != 0xf7;
    return c >= '0' && c <= '9' || (c | 0x20) >= 'a' && (c | 0x20) <= 'z' || latin1;
  }

  /** White space, punctuation, or nothing at all. */
  private static boolean isEnd(int c) {
    return !isAlphanumeric(c) && !(c >= DELETE && c < 0xa0);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
