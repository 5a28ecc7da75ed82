package dev.whatif.core.command;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.TypeConversionException;

/**
 * Durations as users write them: {@code 500ms}, {@code 10s}, {@code 2m}, {@code 1h}; a bare number
 * is seconds.
 */
public final class DurationText {

  private static final Pattern FORM = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,3})?)(ms|s|m|h|)");

  private DurationText() {}

  /** Reads one; the error names the forms. */
  public static Duration parse(String text) {
    Matcher m = FORM.matcher(text);
    if (!m.matches()) {
      throw new TypeConversionException(
          "'" + text + "' is no duration: write 500ms, 10s, 2m or 1h");
    }
    double number = Double.parseDouble(m.group(1));
    double millis =
        switch (m.group(2)) {
          case "ms" -> number;
          case "m" -> number * 60_000;
          case "h" -> number * 3_600_000;
          default -> number * 1000;
        };
    if (millis <= 0) {
      throw new TypeConversionException("a duration must be longer than nothing: '" + text + "'");
    }
    return Duration.ofMillis((long) millis);
  }
}
