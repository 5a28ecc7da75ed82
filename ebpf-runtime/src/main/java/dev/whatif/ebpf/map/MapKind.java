package dev.whatif.ebpf.map;

import dev.whatif.core.failure.UnavailableException;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** The kinds of maps that exist in shared memory, with the kernel's numbers. */
public enum MapKind {
  HASH(1),
  ARRAY(2),
  PROG_ARRAY(3),
  PERF_EVENT_ARRAY(4),
  PERCPU_HASH(5),
  PERCPU_ARRAY(6),
  STACK_TRACE(7),
  LRU_HASH(9),
  RINGBUF(27);

  private final int number;

  MapKind(int number) {
    this.number = number;
  }

  /** {@code BPF_MAP_TYPE_*}. */
  public int number() {
    return number;
  }

  /** Whether it is a hash table. */
  public boolean hashed() {
    return this == HASH || this == LRU_HASH || this == PERCPU_HASH;
  }

  /** Whether an element has a value for each thread slot. */
  public boolean perSlot() {
    return this == PERCPU_HASH || this == PERCPU_ARRAY;
  }

  static Optional<MapKind> of(int number) {
    return Arrays.stream(values()).filter(k -> k.number == number).findFirst();
  }

  static MapKind of(int number, String map) {
    return of(number)
        .orElseThrow(() ->
            new UnavailableException(
                "map '%s' is of type %s, which does not exist outside of the kernel"
                    .formatted(map, Integer.toUnsignedString(number)),
                "use one of "
                    + Arrays.stream(values())
                        .map(k -> k.name() + " (" + k.number + ")")
                        .collect(Collectors.joining(", "))
                    + ", or run the program in the kernel"));
  }
}
