package dev.whatif.core.capability;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One answer.
 *
 * @param name what was asked, a few words, stable for scripts
 * @param state how well it works
 * @param finding what was found, one clause
 * @param remedy the command or deed that would change it; null when nothing needs to change or
 *     nothing can
 * @param neededBy what uses it
 * @param facts the same in a form for scripts: strings, numbers, booleans
 */
public record Capability(
    String name,
    CapabilityState state,
    String finding,
    @Nullable String remedy,
    String neededBy,
    Map<String, Object> facts) {

  /** Works. */
  public static Capability ok(String name, String finding, String neededBy) {
    return new Capability(name, CapabilityState.OK, finding, null, neededBy, Map.of());
  }

  /** Works in part. */
  public static Capability degraded(
      String name, String finding, @Nullable String remedy, String neededBy) {
    return new Capability(name, CapabilityState.DEGRADED, finding, remedy, neededBy, Map.of());
  }

  /** Does not work. */
  public static Capability unavailable(
      String name, String finding, @Nullable String remedy, String neededBy) {
    return new Capability(name, CapabilityState.UNAVAILABLE, finding, remedy, neededBy, Map.of());
  }

  /** The same with one more fact. */
  public Capability with(String fact, Object value) {
    Map<String, Object> more = new LinkedHashMap<>(facts);
    more.put(fact, value);
    return new Capability(name, state, finding, remedy, neededBy, more);
  }
}
