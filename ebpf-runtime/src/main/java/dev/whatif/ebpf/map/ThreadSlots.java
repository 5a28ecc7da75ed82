package dev.whatif.ebpf.map;

import dev.whatif.core.failure.BadDataException;
import dev.whatif.core.failure.UnavailableException;
import dev.whatif.core.linux.RawMemory;
import java.util.Optional;

/**
 * Who has which slot, for all maps that are used together; in shared memory, too. Any thread.
 *
 * <p>A slot is taken by one compare-and-set and given back the same way. The slot of a thread that
 * died stays taken until somebody {@linkplain #retire gives it back}, which must sweep all maps
 * before: what the dead one held is known by its slot.
 *
 * <pre>
 *    0       8        64                  64 + 64 * slot
 *   +-------+--------+--------- - - - ---+-------------------------------------------+- - -
 *   | magic | count  | (slot 0)          | start ticks (42 bits), tid (22); 0 is free|
 *   +-------+--------+--------- - - - ---+-------------------------------------------+- - -
 * </pre>
 */
public final class ThreadSlots implements AutoCloseable {

  /** "whatif.t". */
  private static final long MAGIC = 0x742e_6669_7461_6877L;

  private static final int COUNT_OFFSET = 8;
  private static final int ENTRIES_OFFSET = 64;
  private static final int ENTRY_BYTES = 64;

  private final MapMemory memory;
  private final int count;

  private ThreadSlots(MapMemory memory, int count) {
    this.memory = memory;
    this.count = count;
  }

  /** Makes it, with no slot taken. */
  public static ThreadSlots create(int count) {
    long bytes = ENTRIES_OFFSET + (long) count * ENTRY_BYTES;
    long page = MapLayout.PAGE;
    MapMemory memory = MapMemory.create("whatif:slots", (bytes + page - 1) / page * page);
    RawMemory.putLong(memory.address() + COUNT_OFFSET, count);
    RawMemory.putLongRelease(memory.address(), MAGIC);
    return new ThreadSlots(memory, count);
  }

  /** What another process has made; the memory belongs to it from then on. */
  public static ThreadSlots attach(MapMemory memory) {
    long count = RawMemory.getLong(memory.address() + COUNT_OFFSET);
    if (RawMemory.getLongAcquire(memory.address()) != MAGIC
        || count < 1
        || count > (memory.bytes() - ENTRIES_OFFSET) / ENTRY_BYTES) {
      memory.close();
      throw new BadDataException("the memory holds no thread slots");
    }
    return new ThreadSlots(memory, (int) count);
  }

  /**
   * Takes a slot for a thread.
   *
   * @throws UnavailableException when all are taken
   */
  public int acquire(ThreadIdentity thread) {
    for (int slot = 0; slot < count; slot++) {
      if (RawMemory.compareAndSetLong(entry(slot), 0, thread.packed())) {
        return slot;
      }
    }
    throw new UnavailableException(
        "all %d thread slots are taken".formatted(count), "give back those of dead threads");
  }

  /** Gives back the slot of a thread that uses no map any more. */
  public void release(int slot) {
    RawMemory.putLongRelease(entry(slot), 0);
  }

  /**
   * Gives back the slot of a dead thread, after all maps were swept; whether it was still taken.
   */
  public boolean retire(int slot, ThreadIdentity dead) {
    return RawMemory.compareAndSetLong(entry(slot), dead.packed(), 0);
  }

  /** Who has a slot; empty when nobody has. */
  public Optional<ThreadIdentity> owner(int slot) {
    long packed = RawMemory.getLongAcquire(entry(slot));
    return packed == 0 ? Optional.empty() : Optional.of(ThreadIdentity.unpacked(packed));
  }

  /**
   * Whether the thread of a slot may still be running: false when nobody has it, or when who has it
   * is proven dead. Reads a file of {@code /proc}.
   */
  public boolean isLive(int slot) {
    return slot >= 0 && slot < count && owner(slot).filter(t -> !t.isDead()).isPresent();
  }

  /** How many there are. */
  public int count() {
    return count;
  }

  /** Where they lie. */
  public MapMemory memory() {
    return memory;
  }

  @Override
  public void close() {
    memory.close();
  }

  private long entry(int slot) {
    return memory.address() + ENTRIES_OFFSET + (long) slot * ENTRY_BYTES;
  }
}
