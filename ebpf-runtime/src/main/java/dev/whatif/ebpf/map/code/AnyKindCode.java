package dev.whatif.ebpf.map.code;

import static dev.whatif.core.x86.Condition.EQUAL;
import static dev.whatif.core.x86.Register.RAX;
import static dev.whatif.core.x86.Register.RDI;
import static dev.whatif.ebpf.map.code.At.at;

import dev.whatif.core.linux.Errno;
import dev.whatif.ebpf.map.MapKind;
import dev.whatif.ebpf.map.MapLayout;
import java.util.Map;

/** The helper functions that take any map: they look at its kind and go on there. */
final class AnyKindCode {

  private final Assembly a;
  private final Map<MapRoutine, Place> places;
  private final ArrayCode arrays;
  private final TableCode tables;

  AnyKindCode(
      Assembly assembly, Map<MapRoutine, Place> places, ArrayCode arrays, TableCode tables) {
    this.a = assembly;
    this.places = places;
    this.arrays = arrays;
    this.tables = tables;
  }

  void lookup() {
    go(MapKind.ARRAY, MapRoutine.ARRAY_LOOKUP);
    go(MapKind.HASH, MapRoutine.HASH_LOOKUP);
    go(MapKind.PERCPU_ARRAY, MapRoutine.PERCPU_ARRAY_LOOKUP);
    go(MapKind.PERCPU_HASH, MapRoutine.PERCPU_HASH_LOOKUP);
    go(MapKind.LRU_HASH, MapRoutine.LRU_HASH_LOOKUP);
    a.clear(RAX).ret();
  }

  void update() {
    go(MapKind.ARRAY, MapRoutine.ARRAY_UPDATE);
    go(MapKind.HASH, MapRoutine.HASH_UPDATE);
    go(MapKind.PERCPU_ARRAY, MapRoutine.PERCPU_ARRAY_UPDATE);
    go(MapKind.PERCPU_HASH, MapRoutine.PERCPU_HASH_UPDATE);
    go(MapKind.LRU_HASH, MapRoutine.LRU_HASH_UPDATE);
    Blocks.fail(a, Errno.EINVAL);
    a.ret();
  }

  void delete() {
    for (MapKind kind : MapKind.values()) {
      if (kind.hashed()) {
        go(kind, MapRoutine.HASH_DELETE);
      }
    }
    Blocks.fail(a, Errno.EINVAL);
    a.ret();
  }

  void lookupPerCpu() {
    Place array = new Place();
    Place hash = new Place();
    go(MapKind.PERCPU_ARRAY, array);
    go(MapKind.PERCPU_HASH, hash);
    a.clear(RAX).ret();
    a.bind(array);
    arrays.lookupSlot();
    a.bind(hash);
    tables.lookupSlot();
  }

  private void go(MapKind kind, MapRoutine routine) {
    go(kind, MapCode.place(places, routine));
  }

  private void go(MapKind kind, Place to) {
    a.compare32(at(RDI, MapLayout.KIND_OFFSET), kind.number()).jumpIf(EQUAL, to);
  }
}
