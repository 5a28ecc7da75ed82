package dev.whatif.core.capability;

import java.util.Locale;

/** How well something works here. */
public enum CapabilityState {
  /** As designed. */
  OK,
  /** Something that needs it falls back to a lesser mechanism, and says so. */
  DEGRADED,
  /** What needs it is refused. */
  UNAVAILABLE;

  /** The name in JSON. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
