package dev.whatif.ebpf.isa;

import dev.whatif.core.failure.BadDataException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A cursor over one line of assembly text that knows where it is. Spaces separate, no more. */
final class AssemblyLine {

  private static final Pattern WORD = Pattern.compile("[A-Za-z_.$][A-Za-z0-9_.$]*");
  private static final Pattern LABEL = Pattern.compile("([A-Za-z_.$][A-Za-z0-9_.$]*)\\s*:");
  private static final Pattern NUMBER = Pattern.compile("([+-]?)\\s*(0[xX])?([0-9A-Za-z]+)");

  private final String name;
  private final int number;
  private final String text;
  private int position;

  AssemblyLine(String name, int number, String text) {
    this.name = name;
    this.number = number;
    this.text = text;
    skipSpaces();
  }

  boolean atEnd() {
    return position == text.length();
  }

  int column() {
    return position + 1;
  }

  /** Reads a label, if there is one. */
  boolean label(AssemblySource source) {
    int column = column();
    Matcher m = matcher(LABEL);
    if (!m.lookingAt()) {
      return false;
    }
    moveTo(m.end());
    if (!source.define(m.group(1))) {
      throw error(column, "label '" + m.group(1) + "' is defined twice", null);
    }
    return true;
  }

  void expectEnd() {
    // Several instructions in a line, as LLVM allows.
    if (!atEnd() && !accept(";")) {
      throw error(column(), "'" + rest() + "' is too much for this instruction", null);
    }
  }

  boolean accept(String token) {
    if (!text.startsWith(token, position)) {
      return false;
    }
    moveTo(position + token.length());
    return true;
  }

  void expect(String token) {
    if (!accept(token)) {
      throw error(column(), "expected '" + token + "' but " + found(), null);
    }
  }

  /** Whether a token comes next. */
  boolean sees(String token) {
    return text.startsWith(token, position);
  }

  /** Whether the statement ends with a word behind a number. */
  boolean endsWith(String word) {
    return matcher(Pattern.compile("[+-]?\\s*[0-9A-Za-z]+\\s+" + word + "\\b")).lookingAt();
  }

  /** Skips {@code <main+0x10>}. */
  void skipAngleBrackets() {
    int end = text.indexOf('>', position);
    if (sees("<") && end > 0) {
      moveTo(end + 1);
    }
  }

  /** The next word without reading it, empty when something else comes. */
  String peekWord() {
    Matcher m = matcher(WORD);
    return m.lookingAt() ? m.group() : "";
  }

  Optional<String> word() {
    Matcher m = matcher(WORD);
    if (!m.lookingAt()) {
      return Optional.empty();
    }
    moveTo(m.end());
    return Optional.of(m.group());
  }

  /** A constant of at most 32 bits, signed or unsigned. */
  int number32() {
    return (int) number(Integer.MIN_VALUE, 0xffff_ffffL, "32");
  }

  /** A signed constant of at most 32 bits. */
  int signed32() {
    return (int) number(Integer.MIN_VALUE, Integer.MAX_VALUE, "32");
  }

  /** A signed constant of at most 16 bits. */
  short signed16() {
    return (short) number(Short.MIN_VALUE, Short.MAX_VALUE, "16");
  }

  /** A constant of at most 64 bits, signed or unsigned. */
  long number64() {
    int column = column();
    Matcher m = numberHere();
    boolean negative = m.group(1).equals("-");
    int radix = m.group(2) == null ? 10 : 16;
    try {
      long magnitude = Long.parseUnsignedLong(m.group(3), radix);
      if (negative && magnitude < 0 && magnitude != Long.MIN_VALUE) {
        throw tooLarge(column, m.group(), "64");
      }
      return negative ? -magnitude : magnitude;
    } catch (NumberFormatException e) {
      throw badNumber(column, m.group(), "64");
    }
  }

  private long number(long least, long most, String bits) {
    int column = column();
    Matcher m = numberHere();
    int radix = m.group(2) == null ? 10 : 16;
    long value;
    try {
      value = Long.parseLong(m.group(3), radix);
    } catch (NumberFormatException e) {
      throw badNumber(column, m.group(), bits);
    }
    value = m.group(1).equals("-") ? -value : value;
    if (value < least || value > most) {
      throw tooLarge(column, m.group(), bits);
    }
    return value;
  }

  private Matcher numberHere() {
    Matcher m = matcher(NUMBER);
    if (!m.lookingAt() || !Character.isDigit(m.group(3).charAt(0)) && m.group(2) == null) {
      throw error(column(), "expected a number but " + found(), null);
    }
    moveTo(m.end());
    return m;
  }

  private BadDataException badNumber(int column, String number, String bits) {
    boolean digits = number.matches("[+-]?\\s*(0[xX][0-9A-Fa-f]+|[0-9]+)");
    return digits
        ? tooLarge(column, number, bits)
        : error(column, "'" + number + "' is no number", null);
  }

  private BadDataException tooLarge(int column, String number, String bits) {
    return error(
        column,
        number + " does not fit into " + bits + " bits",
        bits.equals("32")
            ? "a 64-bit constant is loaded by lddw, in LLVM's text by 'r1 = N ll'"
            : null);
  }

  /** A register with a prefix, such as {@code %r} or {@code w}. */
  Register register(String prefix) {
    int column = column();
    Matcher m = matcher(Pattern.compile("%?[A-Za-z]+([0-9]+)\\b"));
    if (!text.regionMatches(true, position, prefix, 0, prefix.length()) || !m.lookingAt()) {
      throw error(column, "expected a register such as " + prefix + "1 but " + found(), null);
    }
    String digits = m.group(1);
    if (m.end(1) - m.start() != prefix.length() + digits.length()
        || digits.length() > 2
        || digits.length() == 2 && digits.startsWith("0")
        || !Register.exists(Integer.parseInt(digits))) {
      throw error(
          column,
          "there is no register " + m.group(),
          "registers are " + prefix + "0 to " + prefix + "10");
    }
    moveTo(m.end());
    return Register.of(Integer.parseInt(digits));
  }

  BadDataException error(int column, String what, @Nullable String remedy) {
    return new BadDataException(
        String.format(Locale.ROOT, "%s:%d:%d: %s", name, number, column, what), remedy);
  }

  /** What comes next, for messages. */
  String found() {
    return atEnd() ? "the line ends" : "found '" + rest() + "'";
  }

  private String rest() {
    String rest = text.substring(position).strip();
    return rest.length() > 40 ? rest.substring(0, 40) + "..." : rest;
  }

  private Matcher matcher(Pattern pattern) {
    return pattern.matcher(text).region(position, text.length()).useTransparentBounds(true);
  }

  private void moveTo(int where) {
    position = where;
    skipSpaces();
  }

  private void skipSpaces() {
    while (position < text.length() && Character.isWhitespace(text.charAt(position))) {
      position++;
    }
  }
}
