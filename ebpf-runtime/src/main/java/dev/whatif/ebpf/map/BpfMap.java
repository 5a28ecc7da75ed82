package dev.whatif.ebpf.map;

import dev.whatif.core.failure.BadDataException;
import dev.whatif.core.linux.Bpf;
import dev.whatif.core.linux.Errno;
import dev.whatif.core.linux.RawMemory;
import dev.whatif.ebpf.object.MapDefinition;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;

/**
 * A map in shared memory.
 *
 * <p><b>As programs use it</b>: {@link #lookup(long, int)}, {@link #update(long, long, long, int)},
 * {@link #delete(long, int)} take addresses in this process and the slot of the calling thread, and
 * return what the kernel's helper functions return: an address or 0, or 0 or a negative errno. The
 * bytes at these addresses must exist. Any thread, with a slot that no other has.
 *
 * <p><b>As people use it</b>: with {@code byte[]}, errors as negative errnos too. Any thread; these
 * take turns, since they share one slot.
 *
 * <p>No operation waits for another, in whatever process that is and whether it lives or not.
 *
 * <p>Everything that is read from the memory is checked before it is used as a place or a length,
 * since other processes write there; nonsense is a {@link BadDataException} in bounded time.
 */
public abstract sealed class BpfMap implements AutoCloseable
    permits ArrayMap,
        PerCpuArrayMap,
        ProgramArrayMap,
        HashTableMap,
        StackTraceMap,
        RingMap,
        PerfEventMap {

  static final int EINVAL = -Errno.EINVAL.value();
  static final int ENOENT = -Errno.ENOENT.value();
  static final int EEXIST = -Errno.EEXIST.value();
  static final int E2BIG = -Errno.E2BIG.value();
  static final int ENOMEM = -Errno.ENOMEM.value();
  static final int EPERM = -Errno.EPERM.value();
  static final int EOPNOTSUPP = -Errno.EOPNOTSUPP.value();

  private final MapMemory memory;
  private final MapGeometry geometry;
  private final String name;
  private final int slot;
  private final Arena scratch = Arena.ofShared();
  private final long scratchKey;
  private final long scratchValue;

  BpfMap(MapMemory memory, MapGeometry geometry, int slot) {
    this.memory = memory;
    this.geometry = geometry;
    this.slot = slot;
    byte[] text = new byte[MapLayout.NAME_BYTES];
    RawMemory.copy(memory.address() + MapLayout.NAME_OFFSET, text);
    this.name = text(text);
    MapShape shape = geometry.shape();
    this.scratchKey = scratch.allocate(shape.paddedKey() + Long.BYTES, Long.BYTES).address();
    // the next key goes there, too
    long larger = Math.max(shape.elementBytes(), shape.paddedKey()) + Long.BYTES;
    this.scratchValue = scratch.allocate(larger, Long.BYTES).address();
  }

  private static String text(byte[] bytes) {
    int end = 0;
    while (end < bytes.length && bytes[end] != 0) {
      end++;
    }
    return new String(bytes, 0, end, StandardCharsets.UTF_8);
  }

  /** Makes a map for 64 threads; the creator's Java side has slot 0. */
  public static BpfMap create(MapDefinition definition) {
    return create(definition, MapOptions.DEFAULT);
  }

  /**
   * Makes a map, with the initial value that it is defined to have.
   *
   * @throws dev.whatif.core.failure.UnavailableException when there is no such kind outside of the
   *     kernel, when its sizes or flags are none, or when the memory does not suffice
   */
  public static BpfMap create(MapDefinition definition, MapOptions options) {
    return MapCreation.create(definition, options);
  }

  /**
   * A map that another process has made. The memory belongs to it from then on.
   *
   * @param slot that of this process's Java side: no other thread may have it
   * @throws BadDataException when the memory holds no map, or a damaged one
   */
  public static BpfMap attach(MapMemory memory, int slot) {
    return MapCreation.attach(memory, slot);
  }

  /** The value of a key, for one slot where each has its own; 0 when there is none. */
  public abstract long lookup(long key, int slot);

  /**
   * Sets a value, that of one slot where each has its own.
   *
   * @param flags {@code BPF_ANY}, {@code BPF_NOEXIST} or {@code BPF_EXIST}
   */
  public abstract int update(long key, long value, long flags, int slot);

  /** Removes a key. */
  public abstract int delete(long key, int slot);

  /**
   * The address where the value begins that an address lies in; 0 when it lies in none. What an
   * interpreter asks who checks each access.
   */
  public abstract long valueStart(long address);

  /**
   * Goes through all elements for a program (bpf_for_each_map_elem): those of arrays and tables.
   *
   * @param slot whose values it sees
   */
  public void forEach(ElementVisitor visitor, int slot) {
    try (Arena arena = Arena.ofConfined()) {
      long key = arena.allocate(Integer.BYTES, Integer.BYTES).address();
      for (long i = 0; i < shape().entries() && firstValue() != 0; i++) {
        RawMemory.putInt(key, (int) i);
        long value = lookup(key, slot);
        if (value == 0 || !visitor.element(key, value)) {
          return;
        }
      }
    }
  }

  /** Copies an element from where it lies; 0 or a negative errno. */
  abstract int read(long key, long element);

  /** Sets a whole element: the values of all slots where each has its own. */
  abstract int write(long key, long element, long flags);

  /** The key after this one, of 0 the first; 0 or a negative errno. */
  abstract int nextKey(long key, long next);

  /**
   * Gives back what threads had that have died. Others may use the map meanwhile.
   *
   * @param live whether the thread of a slot may still be running
   * @return nodes given back
   */
  public int sweep(IntPredicate live) {
    return 0;
  }

  /** The value of a key: those of all slots in a row, each padded to 8, where each has its own. */
  public final synchronized Optional<byte[]> lookup(byte[] key) {
    requireBytes("key", shape().keySize(), key.length);
    RawMemory.copy(key, scratchKey);
    if (read(scratchKey, scratchValue) != 0) {
      return Optional.empty();
    }
    byte[] value = new byte[shape().elementBytes()];
    RawMemory.copy(scratchValue, value);
    return Optional.of(value);
  }

  /** The value of a key in each slot; none when there is no such key. */
  public final List<byte[]> lookupPerSlot(byte[] key) {
    byte[] all = lookup(key).orElse(new byte[0]);
    List<byte[]> values = new ArrayList<>();
    int stride = shape().kind().perSlot() ? (int) shape().paddedValue() : Math.max(1, all.length);
    for (int at = 0; at < all.length; at += stride) {
      values.add(Arrays.copyOfRange(all, at, at + shape().valueSize()));
    }
    return values;
  }

  /**
   * The values of a key in all slots, added up as 64-bit numbers: what counters come to.
   *
   * @return as many numbers as a value has; none when there is no such key
   */
  public final long[] lookupSum(byte[] key) {
    List<byte[]> values = lookupPerSlot(key);
    long[] sum = new long[values.isEmpty() ? 0 : shape().valueSize() / Long.BYTES];
    for (byte[] value : values) {
      for (int i = 0; i < sum.length; i++) {
        sum[i] +=
            MemorySegment.ofArray(value)
                .get(ValueLayout.JAVA_LONG_UNALIGNED, (long) i * Long.BYTES);
      }
    }
    return sum;
  }

  /**
   * Sets a value, that of all slots where each has its own.
   *
   * @param flags {@code BPF_ANY}, {@code BPF_NOEXIST} or {@code BPF_EXIST}
   * @return 0 or a negative errno
   */
  public final synchronized int update(byte[] key, byte[] value, long flags) {
    requireBytes("key", shape().keySize(), key.length);
    requireBytes("value", shape().elementBytes(), value.length);
    RawMemory.copy(key, scratchKey);
    RawMemory.copy(value, scratchValue);
    return write(scratchKey, scratchValue, flags);
  }

  /** Sets a value, replacing an older one. */
  public final int update(byte[] key, byte[] value) {
    return update(key, value, Bpf.BPF_ANY);
  }

  /** Removes a key; 0 or a negative errno. */
  public final synchronized int delete(byte[] key) {
    requireBytes("key", shape().keySize(), key.length);
    RawMemory.copy(key, scratchKey);
    return delete(scratchKey, slot);
  }

  /**
   * The key after this one; the first when there is no such key (any more).
   *
   * @param key no bytes ask for the first
   */
  public final synchronized Optional<byte[]> nextKey(byte[] key) {
    if (key.length != 0) {
      requireBytes("key", shape().keySize(), key.length);
      RawMemory.copy(key, scratchKey);
    }
    if (nextKey(key.length == 0 ? 0 : scratchKey, scratchValue) != 0) {
      return Optional.empty();
    }
    byte[] next = new byte[shape().keySize()];
    RawMemory.copy(scratchValue, next);
    return Optional.of(next);
  }

  /**
   * All elements. What is changed meanwhile may be missing or shown as it was; nothing is shown
   * twice that was there all the time.
   */
  public List<MapEntry> entries() {
    List<MapEntry> entries = new ArrayList<>();
    Optional<byte[]> key = nextKey(new byte[0]);
    for (long i = 0; key.isPresent() && i <= geometry.shape().entries(); i++) {
      byte[] k = key.get();
      lookup(k).ifPresent(value -> entries.add(new MapEntry(k, value)));
      key = nextKey(k);
    }
    return entries;
  }

  /** Its name, at most 64 bytes of it. */
  public final String name() {
    return name;
  }

  /** What it was asked to be. */
  public final MapShape shape() {
    return geometry.shape();
  }

  /** The memory that it lies in, which others may map. */
  public final MapMemory memory() {
    return memory;
  }

  /** What a program of this process holds as "the map". */
  public final long address() {
    return memory.address();
  }

  /** Where the first value lies, for kinds whose values lie in a row; else 0. */
  public final long firstValue() {
    return geometry.valueStride() == 0 || shape().kind().hashed()
        ? 0
        : address() + geometry.values();
  }

  /** Unmaps it here; others keep it. */
  @Override
  public void close() {
    if (scratch.scope().isAlive()) {
      scratch.close();
      memory.close();
    }
  }

  @Override
  public String toString() {
    return "map " + name + " (" + shape().kind() + ")";
  }

  final MapGeometry geometry() {
    return geometry;
  }

  /** The slot of the Java side. */
  final int slot() {
    return slot;
  }

  /** Whether there is such a slot: programs say what they like. */
  final boolean isSlot(int number) {
    return number >= 0 && number < shape().slots();
  }

  /** What to do with an element that is, or is not, there; 0 to go on. */
  static int refusal(boolean exists, long flags) {
    if (exists) {
      return flags == Bpf.BPF_NOEXIST ? EEXIST : 0;
    }
    return flags == Bpf.BPF_EXIST ? ENOENT : 0;
  }

  /** Whether these are flags of an update: BPF_F_LOCK is for values with a lock, which none has. */
  static boolean areFlags(long flags) {
    return Long.compareUnsigned(flags, Bpf.BPF_EXIST) <= 0;
  }

  private void requireBytes(String of, int expected, int given) {
    if (given != expected) {
      throw new IllegalArgumentException(
          "a %s of %s has %d bytes, not %d".formatted(of, this, expected, given));
    }
  }
}
