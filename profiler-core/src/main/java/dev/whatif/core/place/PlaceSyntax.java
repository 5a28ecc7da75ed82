package dev.whatif.core.place;

import dev.whatif.core.failure.UsageException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads a {@link Place}. */
final class PlaceSyntax {

  private static final String REMEDY =
      "write one of: function, object:function, file.c:123, usdt:provider:name, syscall:name,"
          + " tracepoint:category:name, 0xaddress";

  /** Longer than any linked name that compilers make in earnest. */
  private static final int MAX_CHARS = 16_384;

  private static final Pattern WORD = Pattern.compile("[A-Za-z0-9_.$-]+");
  private static final Pattern UNNAMED =
      Pattern.compile("(?:\\[([^\\[\\]]+)\\]|([^\\[\\]:]+))\\+0x([0-9a-fA-F]+)");

  private final String text;

  PlaceSyntax(String text) {
    this.text = text;
  }

  Place place() {
    if (text.length() > MAX_CHARS) {
      throw new UsageException(
          "a place of " + text.length() + " characters: at most " + MAX_CHARS, REMEDY);
    }
    if (text.isBlank()) {
      throw new UsageException("a place is empty", REMEDY);
    }
    if (text.chars().anyMatch(Character::isISOControl) || !text.equals(text.strip())) {
      throw no("it has control characters, or blanks around it");
    }
    if (text.startsWith("0x") || text.startsWith("0X")) {
      return new Place.Address(text, hex(text.substring(2)));
    }
    Matcher unnamed = UNNAMED.matcher(text);
    if (unnamed.matches()) {
      String object = unnamed.group(1) != null ? unnamed.group(1) : unnamed.group(2);
      return new Place.Unnamed(text, object, hex(unnamed.group(3)));
    }
    int colon = singleColon(text, 0);
    if (colon < 0) {
      return new Place.Function(text, null, name(text));
    }
    String before = text.substring(0, colon);
    String behind = text.substring(colon + 1);
    return switch (before) {
      case "" -> throw no("nothing stands before the colon");
      case "usdt" -> {
        String[] words = words(behind, 2, "usdt:provider:name");
        yield new Place.Usdt(text, words[0], words[1]);
      }
      case "syscall" -> new Place.Syscall(text, words(behind, 1, "syscall:name")[0]);
      case "tracepoint" -> {
        String[] words = words(behind, 2, "tracepoint:category:name");
        yield new Place.Tracepoint(text, words[0], words[1]);
      }
      case "java" -> java(behind);
      default -> codeIn(before, behind);
    };
  }

  private Place codeIn(String before, String behind) {
    if (behind.isEmpty()) {
      throw no("nothing stands behind the colon");
    }
    if (behind.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return new Place.Line(text, before, line(behind));
    }
    int next = singleColon(behind, 0);
    if (next >= 0) {
      String first = behind.substring(0, next);
      throw first.chars().allMatch(c -> c >= '0' && c <= '9')
          ? new UsageException(
              "not a place: " + text + " (a line has no columns)", "write " + before + ":" + first)
          : no("it has one colon too many");
    }
    return new Place.Function(text, before, name(behind));
  }

  private Place java(String behind) {
    int dot = behind.lastIndexOf('.');
    if (dot <= 0 || dot == behind.length() - 1 || behind.indexOf(':') >= 0) {
      throw new UsageException("not a place: " + text, "write java:package.Class.method");
    }
    return new Place.JavaMethod(text, behind.substring(0, dot), behind.substring(dot + 1));
  }

  private String name(String name) {
    String global = name.startsWith("::") ? name.substring(2) : name;
    if (global.isBlank() || global.startsWith(":") || global.endsWith("::")) {
      throw no("it names no function");
    }
    if (global.codePoints().noneMatch(c -> Character.isLetter(c) || c == '_' || c == '$')) {
      throw no("a function has letters in its name");
    }
    return global;
  }

  private String[] words(String behind, int count, String form) {
    String[] words = behind.split(":", -1);
    boolean good = words.length == count;
    for (String word : words) {
      good &= WORD.matcher(word).matches();
    }
    if (!good) {
      throw new UsageException("not a place: " + text, "write " + form);
    }
    return words;
  }

  private int line(String digits) {
    if (digits.length() <= 9) {
      int line = Integer.parseInt(digits);
      if (line > 0) {
        return line;
      }
    }
    throw no("lines are counted from 1 to 999999999");
  }

  private long hex(String digits) {
    try {
      return Long.parseUnsignedLong(digits, 16);
    } catch (NumberFormatException e) {
      throw new UsageException(
          "not a place: " + text + " (not an address of up to 16 hexadecimal digits)", REMEDY, e);
    }
  }

  /**
   * The first colon that separates: alone, or the first of three, where a name follows that begins
   * with {@code ::}.
   */
  private static int singleColon(String s, int from) {
    int i = s.indexOf(':', from);
    while (i >= 0) {
      int end = i;
      while (end < s.length() && s.charAt(end) == ':') {
        end++;
      }
      if (end - i != 2) {
        return i;
      }
      i = s.indexOf(':', end);
    }
    return -1;
  }

  private UsageException no(String why) {
    return new UsageException("not a place: " + text + " (" + why + ")", REMEDY);
  }
}
