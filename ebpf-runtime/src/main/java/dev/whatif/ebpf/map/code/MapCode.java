package dev.whatif.ebpf.map.code;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/**
 * All routines in one piece of position-independent code.
 *
 * @param bytes the code; not to be changed
 * @param offsets where each routine begins in it
 */
public record MapCode(byte[] bytes, Map<MapRoutine, Integer> offsets) {

  private static final int ALIGNMENT = 32;

  /** Where a routine begins. */
  public int offset(MapRoutine routine) {
    return Objects.requireNonNull(offsets.get(routine));
  }

  /** Writes them; the same bytes every time. */
  public static MapCode emit() {
    Assembly assembly = new Assembly();
    Map<MapRoutine, Place> places = new EnumMap<>(MapRoutine.class);
    for (MapRoutine routine : MapRoutine.values()) {
      places.put(routine, new Place());
    }
    Map<MapRoutine, Runnable> bodies = new EnumMap<>(MapRoutine.class);
    ArrayCode arrays = new ArrayCode(assembly);
    bodies.put(MapRoutine.ARRAY_LOOKUP, arrays::lookup);
    bodies.put(MapRoutine.ARRAY_UPDATE, () -> arrays.update(false));
    bodies.put(MapRoutine.PERCPU_ARRAY_LOOKUP, arrays::lookupOwn);
    bodies.put(MapRoutine.PERCPU_ARRAY_UPDATE, () -> arrays.update(true));
    TableCode tables = new TableCode(assembly);
    bodies.put(MapRoutine.HASH_LOOKUP, () -> tables.lookup(TableCode.Values.IN_NODE));
    bodies.put(MapRoutine.LRU_HASH_LOOKUP, () -> tables.lookup(TableCode.Values.REFERENCED));
    bodies.put(MapRoutine.PERCPU_HASH_LOOKUP, () -> tables.lookup(TableCode.Values.PER_SLOT));
    bodies.put(MapRoutine.HASH_UPDATE, () -> tables.update(TableCode.Values.IN_NODE));
    bodies.put(MapRoutine.LRU_HASH_UPDATE, () -> tables.update(TableCode.Values.REFERENCED));
    bodies.put(MapRoutine.PERCPU_HASH_UPDATE, () -> tables.update(TableCode.Values.PER_SLOT));
    bodies.put(MapRoutine.HASH_DELETE, tables::delete);
    RingCode rings = new RingCode(assembly);
    bodies.put(MapRoutine.RINGBUF_RESERVE, rings::reserve);
    bodies.put(MapRoutine.RINGBUF_SUBMIT, rings::submit);
    bodies.put(MapRoutine.RINGBUF_DISCARD, rings::discard);
    bodies.put(MapRoutine.RINGBUF_OUTPUT, rings::output);
    bodies.put(MapRoutine.RINGBUF_QUERY, rings::query);
    bodies.put(MapRoutine.PERF_EVENT_OUTPUT, rings::perfOutput);
    AnyKindCode any = new AnyKindCode(assembly, places, arrays, tables);
    bodies.put(MapRoutine.LOOKUP, any::lookup);
    bodies.put(MapRoutine.UPDATE, any::update);
    bodies.put(MapRoutine.DELETE, any::delete);
    bodies.put(MapRoutine.LOOKUP_PERCPU, any::lookupPerCpu);
    Map<MapRoutine, Integer> offsets = new EnumMap<>(MapRoutine.class);
    bodies.forEach((routine, body) -> {
      assembly.align(ALIGNMENT).bind(place(places, routine));
      offsets.put(routine, assembly.offset());
      body.run();
    });
    tables.subroutines();
    return new MapCode(assembly.bytes(), offsets);
  }

  static Place place(Map<MapRoutine, Place> places, MapRoutine routine) {
    return Objects.requireNonNull(places.get(routine));
  }
}
