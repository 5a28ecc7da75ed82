package dev.whatif.ebpf.kernel;

import dev.whatif.core.linux.Bpf;
import dev.whatif.core.linux.LinuxException;
import dev.whatif.core.linux.Mman;
import dev.whatif.core.linux.Unistd;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.Objects;

/**
 * The values of an array map in our own memory: reading and writing them costs no system call, and
 * programs see it at once. For arrays made with {@code BPF_F_MMAPABLE}, which global variables
 * ({@code .data}, {@code .bss}, {@code .rodata}) always are.
 *
 * <pre>
 *   | value 0   | pad | value 1   | pad | ...            | rest of the page: zero |
 *   0                 stride            2 * stride         stride = value rounded up to 8
 *                                                          (kernel/bpf/arraymap.c, elem_size)
 * </pre>
 *
 * <p>Any thread. Single words are read and written whole: plain for what one side writes before the
 * other looks, acquire and release to publish what was written before, atomic additions as the
 * program's {@code __sync_fetch_and_add}. A place outside of the values is an {@link
 * IndexOutOfBoundsException}, a field at no multiple of its size an {@link
 * IllegalArgumentException}.
 */
public final class MappedArray implements AutoCloseable {

  private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();
  private static final VarHandle INT = ValueLayout.JAVA_INT.varHandle();

  private final Arena arena;
  private final MemorySegment memory;
  private final int count;
  private final int valueBytes;
  private final long stride;

  private MappedArray(Arena arena, MemorySegment memory, KernelMap map) {
    this.arena = arena;
    this.memory = memory;
    this.count = map.maxEntries();
    this.valueBytes = map.valueBytes();
    this.stride = KernelMap.padded(valueBytes);
  }

  /**
   * Maps an array for reading and writing. The mapping outlives the map's descriptor.
   *
   * @throws IllegalArgumentException when it is no array, or was made without BPF_F_MMAPABLE
   * @throws dev.whatif.core.failure.UnavailableException when it is frozen: then only {@link
   *     #readOnly} is possible
   */
  public static MappedArray of(KernelMap map) {
    return map(map, Mman.PROT_READ | Mman.PROT_WRITE);
  }

  /** Maps an array for reading only: {@code .rodata}, too. */
  public static MappedArray readOnly(KernelMap map) {
    return map(map, Mman.PROT_READ);
  }

  private static MappedArray map(KernelMap map, int protection) {
    if (map.type() != MapType.ARRAY || (map.info().flags() & Bpf.BPF_F_MMAPABLE) == 0) {
      throw new IllegalArgumentException(map + " is no array with BPF_F_MMAPABLE");
    }
    Arena arena = Arena.ofShared();
    try {
      long page = Unistd.getpagesize();
      long bytes = (long) KernelMap.padded(map.valueBytes()) * map.maxEntries();
      MemorySegment memory =
          Mman.mmap(
              (bytes + page - 1) / page * page, protection, Mman.MAP_SHARED, map.fd(), 0, arena);
      boolean writable = (protection & Mman.PROT_WRITE) != 0;
      return new MappedArray(arena, writable ? memory : memory.asReadOnly(), map);
    } catch (LinuxException e) {
      arena.close();
      throw Refusal.of("map the values of " + map, e);
    }
  }

  /** Number of values. */
  public int count() {
    return count;
  }

  /** Bytes of a value. */
  public int valueBytes() {
    return valueBytes;
  }

  /** The bytes of a value, for what reads structs; it ends with this array. */
  public MemorySegment value(int index) {
    return memory.asSlice(place(index, 0, valueBytes), valueBytes);
  }

  /** A word of 8 bytes. */
  public long getLong(int index, int offset) {
    return memory.get(ValueLayout.JAVA_LONG, place(index, offset, Long.BYTES));
  }

  /** A word of 8 bytes; what was written before it is seen, too. */
  public long getLongAcquire(int index, int offset) {
    return (long) LONG.getAcquire(memory, place(index, offset, Long.BYTES));
  }

  /** Sets a word of 8 bytes. */
  public void putLong(int index, int offset, long number) {
    memory.set(ValueLayout.JAVA_LONG, place(index, offset, Long.BYTES), number);
  }

  /** Sets a word of 8 bytes, after everything that was written before. */
  public void putLongRelease(int index, int offset, long number) {
    LONG.setRelease(memory, place(index, offset, Long.BYTES), number);
  }

  /** Adds to a word of 8 bytes that others add to as well; returns what was there. */
  public long addLong(int index, int offset, long number) {
    return (long) LONG.getAndAdd(memory, place(index, offset, Long.BYTES), number);
  }

  /** A word of 4 bytes. */
  public int getInt(int index, int offset) {
    return memory.get(ValueLayout.JAVA_INT, place(index, offset, Integer.BYTES));
  }

  /** A word of 4 bytes; what was written before it is seen, too. */
  public int getIntAcquire(int index, int offset) {
    return (int) INT.getAcquire(memory, place(index, offset, Integer.BYTES));
  }

  /** Sets a word of 4 bytes. */
  public void putInt(int index, int offset, int number) {
    memory.set(ValueLayout.JAVA_INT, place(index, offset, Integer.BYTES), number);
  }

  /** Sets a word of 4 bytes, after everything that was written before. */
  public void putIntRelease(int index, int offset, int number) {
    INT.setRelease(memory, place(index, offset, Integer.BYTES), number);
  }

  /** A byte. */
  public byte getByte(int index, int offset) {
    return memory.get(ValueLayout.JAVA_BYTE, place(index, offset, Byte.BYTES));
  }

  /** Sets a byte. */
  public void putByte(int index, int offset, byte number) {
    memory.set(ValueLayout.JAVA_BYTE, place(index, offset, Byte.BYTES), number);
  }

  /** Unmaps it; touching it afterwards is an {@link IllegalStateException}. */
  @Override
  public void close() {
    if (arena.scope().isAlive()) {
      arena.close();
    }
  }

  private long place(int index, int offset, int bytes) {
    Objects.checkIndex(index, count);
    Objects.checkFromIndexSize(offset, bytes, valueBytes);
    return index * stride + offset;
  }
}
