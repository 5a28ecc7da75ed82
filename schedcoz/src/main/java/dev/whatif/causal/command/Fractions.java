package dev.whatif.causal.command;

import dev.whatif.core.failure.UsageException;
import java.util.List;
import java.util.stream.Stream;

/** Percentages as users write them: {@code 20%}, {@code 20}, {@code 0,25,50}. */
final class Fractions {

  private Fractions() {}

  /** One of them, as a fraction from 0 to 1. */
  static double parse(String option, String text) {
    String number = text.strip();
    if (number.endsWith("%")) {
      number = number.substring(0, number.length() - 1).strip();
    }
    try {
      double percent = Double.parseDouble(number);
      if (percent >= 0 && percent <= 100) {
        return percent / 100;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw new UsageException(
        "%s: '%s' is no percentage from 0 to 100".formatted(option, text), "write it like 20%");
  }

  /** Several of them. */
  static List<Double> parseAll(String option, String text) {
    return Stream.of(text.split(",", -1)).map(one -> parse(option, one)).toList();
  }
}
