package dev.whatif.causal.report;

import dev.whatif.causal.analysis.Interval;
import dev.whatif.core.report.Terminal;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How causal profiles write numbers and names: with three digits or so, never with an exponent. */
final class Numbers {

  private static final int LONGEST_NAME = 60;

  /** Before a function; C++ writes two colons inside of names. */
  private static final Pattern OBJECT = Pattern.compile("[^:\\s]+:(?!:)");

  /** What is left of an object's name with its colon; with less it says nothing. */
  private static final int SHORTEST_OBJECT = 6;

  private Numbers() {}

  /** Grouped digits. */
  static String count(long n) {
    return String.format(Locale.ROOT, "%,d", n);
  }

  /** A fraction as a percentage with a tenth. */
  static String percent(double fraction) {
    return Double.isFinite(fraction) ? tenth(fraction) + "%" : "?";
  }

  /** A fraction as a percentage without a tenth. */
  static String whole(double fraction) {
    return Double.isFinite(fraction) ? String.format(Locale.ROOT, "%.0f%%", 100 * fraction) : "?";
  }

  /** A fraction as a percentage with a tenth and a sign. */
  static String signed(double fraction) {
    return Double.isFinite(fraction) ? points(fraction) + "%" : "?";
  }

  /** A fraction in percentage points with a sign but no unit, for tables that name it once. */
  static String points(double fraction) {
    if (!Double.isFinite(fraction)) {
      return "?";
    }
    String text = tenth(fraction);
    return text.startsWith("-") || text.equals("0.0") ? text : "+" + text;
  }

  /** A fraction in percentage points; never "-0.0". */
  static String tenth(double fraction) {
    String text = String.format(Locale.ROOT, "%.1f", 100 * fraction);
    return text.equals("-0.0") ? "0.0" : text;
  }

  /** Half the width of an interval in percentage points; empty when it is not known. */
  static String half(Interval interval) {
    double half = interval.halfWidth();
    return Double.isFinite(half) ? "±" + tenth(half) : "";
  }

  /** Times a second. */
  static String rate(double perSecond) {
    return rate(perSecond, perSecond);
  }

  /** Times a second, with as many digits as another rate has. */
  static String rate(double perSecond, double like) {
    if (!Double.isFinite(perSecond)) {
      return "?";
    }
    int digits = !(like < 1000) ? 0 : like >= 10 ? 1 : like >= 0.1 ? 2 : 4;
    return String.format(Locale.ROOT, "%,." + digits + "f", perSecond);
  }

  /** A length of time with its natural unit. */
  static String nanos(double nanos) {
    if (!Double.isFinite(nanos)) {
      return "?";
    }
    double size = Math.abs(nanos);
    if (size < 1e3) {
      return String.format(Locale.ROOT, "%.0f ns", nanos);
    }
    double value = size < 1e6 ? nanos / 1e3 : size < 1e9 ? nanos / 1e6 : nanos / 1e9;
    String unit = size < 1e6 ? "us" : size < 1e9 ? "ms" : "s";
    int digits = Math.abs(value) < 10 ? 2 : Math.abs(value) < 100 ? 1 : 0;
    return String.format(Locale.ROOT, "%." + digits + "f %s", value, unit);
  }

  /** Text without characters that a terminal would act on. */
  static String clean(String text) {
    return Terminal.clean(text);
  }

  /**
   * The name of a region that fits: an object before a function is shortened first, because the
   * function is what tells regions apart.
   */
  static String region(String name, int width) {
    String clean = Terminal.clean(name);
    Matcher object = OBJECT.matcher(clean);
    int code = object.lookingAt() ? object.end() : 0;
    int room = width - (clean.length() - code);
    if (clean.length() <= width || code == 0) {
      return Terminal.elideMiddle(clean, width);
    }
    return room >= SHORTEST_OBJECT
        ? clean.substring(0, room - 2) + "…:" + clean.substring(code)
        : Terminal.elideMiddle(clean.substring(code), width);
  }

  /** A name inside a sentence: harmless, and short enough to read over. */
  static String name(String name) {
    return region(name, LONGEST_NAME);
  }
}
