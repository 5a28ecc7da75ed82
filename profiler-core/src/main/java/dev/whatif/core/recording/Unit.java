package dev.whatif.core.recording;

import org.jspecify.annotations.Nullable;

/** What a number of an event means; viewers show it accordingly. */
public enum Unit {
  /** A plain number or identifier. */
  NONE(null, null),
  /** A point in time, {@code CLOCK_MONOTONIC} nanoseconds. */
  TIMESTAMP("jdk.jfr.Timestamp", "TICKS"),
  /** A length of time in nanoseconds. */
  NANOSECONDS("jdk.jfr.Timespan", "NANOSECONDS"),
  /** The length of an event in ticks of the chunk, which are nanoseconds. */
  TICKS("jdk.jfr.Timespan", "TICKS"),
  /** Bytes. */
  BYTES("jdk.jfr.DataAmount", "BYTES"),
  /** An address, shown in hexadecimal. */
  ADDRESS("jdk.jfr.MemoryAddress", null),
  /** A fraction, 0 to 1, shown in percent. */
  FRACTION("jdk.jfr.Percentage", null),
  /** Times a second. */
  HERTZ("jdk.jfr.Frequency", null),
  /** A number whose highest bit is not a sign. */
  UNSIGNED("jdk.jfr.Unsigned", null);

  private final @Nullable String annotation;
  private final @Nullable String value;

  Unit(@Nullable String annotation, @Nullable String value) {
    this.annotation = annotation;
    this.value = value;
  }

  @Nullable String annotation() {
    return annotation;
  }

  @Nullable String value() {
    return value;
  }
}
