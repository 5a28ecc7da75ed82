package dev.whatif.core.recording;

/**
 * One fact about the machine, the target or the run; event {@code whatif.Environment}.
 *
 * <p>One event per fact, so that new facts need no new format. A key that is written again replaces
 * its older value. Keys are lower case with dots, for example {@code kernel}, {@code cpus}, {@code
 * load.start}, {@code mechanism}, {@code rate}, {@code stacks}, {@code command}, {@code target};
 * {@code missing.symbols.OBJECT} says why an object has no names or lines.
 *
 * @param timeNanos when it was found, {@code CLOCK_MONOTONIC} nanoseconds
 * @param key what it is about
 * @param value what it is, for people
 */
public record Environment(long timeNanos, String key, String value) {

  /**
   * Beginning of the key of a fact about one object, whose name follows: why its functions or lines
   * have no names, and what helps.
   */
  public static final String MISSING_SYMBOLS = "missing.symbols.";
}
