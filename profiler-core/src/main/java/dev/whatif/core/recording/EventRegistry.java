package dev.whatif.core.recording;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The event types of one recording and their ids, which never change. Not safe for use by several
 * threads.
 */
final class EventRegistry {

  private final Map<String, EventType<?>> byName = new HashMap<>();
  private final Map<EventType<?>, Integer> ids = new HashMap<>();
  private final List<TypeDescription> descriptions = new ArrayList<>(PoolTypes.ALL);

  /** With the types of {@link EventCatalogue}, the first of which gets the first id. */
  EventRegistry() {
    EventCatalogue.ALL.forEach(this::declare);
  }

  /** The id of a type, given to it now when it is new. */
  int id(EventType<?> type) {
    Integer known = ids.get(type);
    return known == null ? declare(type) : known;
  }

  private int declare(EventType<?> type) {
    if (byName.putIfAbsent(type.name(), type) != null) {
      throw new IllegalArgumentException("another event type is called " + type.name());
    }
    int id = PoolTypes.FIRST_EVENT + ids.size();
    ids.put(type, id);
    descriptions.add(type.description(id));
    return id;
  }

  /** Appends the metadata event. */
  void write(Leb128Buffer out, long ticks) {
    // Types are only ever added, so their number tells one set of them from another.
    Metadata.write(out, ticks, descriptions.size(), descriptions);
  }
}
