package dev.whatif.ebpf.runtime;

import dev.whatif.core.linux.Errno;
import dev.whatif.ebpf.interpreter.Execution;
import dev.whatif.ebpf.interpreter.MemoryRange;
import dev.whatif.ebpf.map.BpfMap;
import dev.whatif.ebpf.map.MapEntry;
import dev.whatif.ebpf.map.PerfEventMap;
import dev.whatif.ebpf.map.RingMap;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Helpers about maps. For one thread. */
final class MapCalls {

  private final List<BpfMap> maps;
  private final int slot;

  /** Sizes of the ring records that the program holds, by where they begin. */
  private final Map<Long, Long> reserved = new HashMap<>();

  MapCalls(List<BpfMap> maps, int slot) {
    this.maps = maps;
    this.slot = slot;
  }

  /** The ring record that an address lies in, of those that the program has reserved. */
  Optional<MemoryRange> recordAt(long address) {
    return reserved.entrySet().stream()
        .map(r -> new MemoryRange(r.getKey(), r.getKey() + r.getValue(), true))
        .filter(r -> address >= r.start() && address < r.end())
        .findFirst();
  }

  long lookup(Execution e) {
    BpfMap map = map(e, e.argument(1));
    return map.lookup(key(map, e), slot);
  }

  long update(Execution e) {
    BpfMap map = map(e, e.argument(1));
    long key = key(map, e);
    e.read(e.argument(3), map.shape().valueSize());
    return map.update(key, e.argument(3), e.argument(4), slot);
  }

  long delete(Execution e) {
    BpfMap map = map(e, e.argument(1));
    return map.delete(key(map, e), slot);
  }

  long lookupOfSlot(Execution e) {
    BpfMap map = map(e, e.argument(1));
    long number = e.argument(3) & 0xffff_ffffL;
    return number >= map.shape().slots() ? 0 : map.lookup(key(map, e), (int) number);
  }

  /** bpf_for_each_map_elem: the function gets map, key, value and the context. */
  long forEach(Execution e) {
    BpfMap map = map(e, e.argument(1));
    long function = e.argument(2);
    long context = e.argument(3);
    if (e.argument(4) != 0) {
      return -Errno.EINVAL.value();
    }
    long seen = 0;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment key = arena.allocate(Math.max(map.shape().keySize(), 8), 8);
      for (MapEntry entry : map.entries()) {
        MemorySegment.copy(entry.key(), 0, key, ValueLayout.JAVA_BYTE, 0, entry.key().length);
        long value = map.lookup(key.address(), slot);
        if (value != 0) {
          seen++;
          if (e.callWith(key, function, map.address(), key.address(), value, context) != 0) {
            break;
          }
        }
      }
    }
    return seen;
  }

  long output(Execution e) {
    if (map(e, e.argument(1)) instanceof RingMap ring) {
      long bytes = e.argument(3);
      e.read(e.argument(2), bytes);
      return ring.output(e.argument(2), bytes, e.argument(4), slot);
    }
    throw e.fault("writes a record to what is no ring");
  }

  long reserve(Execution e) {
    if (map(e, e.argument(1)) instanceof RingMap ring) {
      long record = ring.reserve(e.argument(2), e.argument(3), slot);
      if (record != 0) {
        reserved.put(record, e.argument(2));
      }
      return record;
    }
    throw e.fault("reserves a record in what is no ring");
  }

  /** Submit or discard. */
  long end(Execution e, boolean submit) {
    long record = e.argument(1);
    if (reserved.remove(record) == null) {
      throw e.fault("gives 0x%x back, which is no record of its own".formatted(record));
    }
    e.givenBack();
    for (BpfMap map : maps) {
      if (map instanceof RingMap ring && ring.holds(record)) {
        if (submit) {
          ring.submit(record);
        } else {
          ring.discard(record);
        }
      }
    }
    return 0;
  }

  long query(Execution e) {
    return map(e, e.argument(1)) instanceof RingMap ring ? ring.query(e.argument(2)) : 0;
  }

  long perfOutput(Execution e) {
    if (map(e, e.argument(2)) instanceof PerfEventMap events) {
      long bytes = e.argument(5);
      e.read(e.argument(4), bytes);
      return events.output(e.argument(3), e.argument(4), bytes, slot);
    }
    throw e.fault("writes an event to what is no perf event array");
  }

  private static long key(BpfMap map, Execution e) {
    e.read(e.argument(2), map.shape().keySize());
    return e.argument(2);
  }

  private BpfMap map(Execution e, long address) {
    for (BpfMap map : maps) {
      if (map.address() == address) {
        return map;
      }
    }
    throw e.fault("0x%x is no map of the program".formatted(address));
  }
}
