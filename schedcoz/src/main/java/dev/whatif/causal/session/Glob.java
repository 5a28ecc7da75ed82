package dev.whatif.causal.session;

import java.util.regex.Pattern;

/**
 * A pattern for names: {@code *} is any text, {@code ?} any character, everything else itself.
 *
 * @param text as the user wrote it
 * @param pattern the same for the machine
 */
public record Glob(String text, Pattern pattern) {

  /** Reads one; every text is one. */
  public static Glob of(String text) {
    StringBuilder regex = new StringBuilder();
    for (char c : text.toCharArray()) {
      switch (c) {
        case '*' -> regex.append(".*");
        case '?' -> regex.append('.');
        default -> regex.append(Pattern.quote(String.valueOf(c)));
      }
    }
    return new Glob(text, Pattern.compile(regex.toString(), Pattern.DOTALL));
  }

  /** Whether a whole name is meant. */
  public boolean matches(String name) {
    return pattern.matcher(name).matches();
  }
}
