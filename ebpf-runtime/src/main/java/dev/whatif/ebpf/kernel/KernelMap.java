package dev.whatif.ebpf.kernel;

import dev.whatif.core.linux.Bpf;
import dev.whatif.core.linux.BpfCommand;
import dev.whatif.core.linux.BpfElementAttr;
import dev.whatif.core.linux.CpuList;
import dev.whatif.core.linux.Errno;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A map in the kernel. Keys and values are bytes as the C type lies in memory, little-endian.
 *
 * <p>One element costs one system call (about 0.3 us here); {@link MapEntries} reads many at once.
 * Any thread. Failures are {@link dev.whatif.core.failure.WhatifException}s that name the map.
 */
public final class KernelMap implements KernelObject {

  /** What an update may meet. */
  public enum Mode {
    /** Create or replace. */
    ANY(Bpf.BPF_ANY),
    /** Fail when there is one. */
    CREATE(Bpf.BPF_NOEXIST),
    /** Fail when there is none. */
    REPLACE(Bpf.BPF_EXIST),
    /** Replace under the value's own {@code bpf_spin_lock}. */
    LOCKED(Bpf.BPF_EXIST | Bpf.BPF_F_LOCK);

    final int flags;

    Mode(int flags) {
      this.flags = flags;
    }
  }

  private static final int CPU_ALIGNMENT = 8;

  private final Descriptor descriptor;
  private final String name;
  private final MapType type;
  private final int keyBytes;
  private final int valueBytes;
  private final int maxEntries;

  private KernelMap(
      String name, int fd, MapType type, int keyBytes, int valueBytes, int maxEntries) {
    this.descriptor = new Descriptor("map " + name, fd);
    this.name = name;
    this.type = type;
    this.keyBytes = keyBytes;
    this.valueBytes = valueBytes;
    this.maxEntries = maxEntries;
  }

  /**
   * Makes a map.
   *
   * @throws dev.whatif.core.failure.UnavailableException when this user may not or this kernel does
   *     not know the type
   */
  public static KernelMap create(MapSpec spec) {
    try (Arena arena = Arena.ofConfined()) {
      int fd = Bpf.tryCall(BpfCommand.BPF_MAP_CREATE, spec.attr(arena));
      if (fd < 0) {
        throw Refusal.ofMap(spec, fd);
      }
      return new KernelMap(
          spec.name, fd, spec.type, spec.keyBytes, spec.valueBytes, spec.maxEntries);
    }
  }

  /** A map that somebody else made, by the number that bpftool shows. */
  public static KernelMap byId(int id) {
    return MapInfo.open(Ids.open(BpfCommand.BPF_MAP_GET_FD_BY_ID, "map", id));
  }

  static KernelMap of(int fd, MapInfo info) {
    return new KernelMap(
        info.name(), fd, info.type(), info.keyBytes(), info.valueBytes(), info.maxEntries());
  }

  /** Its name, in full when made here. */
  public String name() {
    return name;
  }

  /** Its type. */
  public MapType type() {
    return type;
  }

  /** Bytes of a key. */
  public int keyBytes() {
    return keyBytes;
  }

  /** Bytes of a value of one CPU. */
  public int valueBytes() {
    return valueBytes;
  }

  /** As it was made. */
  public int maxEntries() {
    return maxEntries;
  }

  /**
   * Bytes that a lookup gives: those of a value, or of one value for each possible CPU, each padded
   * to 8.
   */
  public int elementBytes() {
    return type.perCpu() ? padded(valueBytes) * CpuList.possible().length : valueBytes;
  }

  /** What the kernel says about it now. */
  public MapInfo info() {
    return MapInfo.of(fd());
  }

  /** The value of a key; empty when there is none. For maps in maps and of programs, an id. */
  public Optional<byte[]> lookup(byte[] key) {
    return read(BpfCommand.BPF_MAP_LOOKUP_ELEM, key);
  }

  /** The value of a key, which is gone afterwards; empty when there is none. */
  public Optional<byte[]> lookupAndDelete(byte[] key) {
    return read(BpfCommand.BPF_MAP_LOOKUP_AND_DELETE_ELEM, key);
  }

  /** The values of a key, one for each possible CPU; none when there is no such key. */
  public List<byte[]> lookupPerCpu(byte[] key) {
    byte[] all = lookup(key).orElse(new byte[0]);
    List<byte[]> values = new ArrayList<>();
    for (int at = 0; at < all.length; at += padded(valueBytes)) {
      values.add(Arrays.copyOfRange(all, at, at + valueBytes));
    }
    return values;
  }

  /** Sets a value, replacing an older one; of a per-CPU map, that of every CPU in one array. */
  public void update(byte[] key, byte[] value) {
    update(key, value, Mode.ANY);
  }

  /** Sets a value. */
  public void update(byte[] key, byte[] value, Mode mode) {
    requireBytes("key", keyBytes, key.length);
    requireBytes("value", elementBytes(), value.length);
    try (Arena arena = Arena.ofConfined()) {
      element(
          BpfCommand.BPF_MAP_UPDATE_ELEM, arena, copy(arena, key), copy(arena, value), mode.flags);
    }
  }

  /** Sets the values of a key, one for each possible CPU. */
  public void updatePerCpu(byte[] key, List<byte[]> values) {
    byte[] all = new byte[elementBytes()];
    requireBytes("values", all.length, values.size() * padded(valueBytes));
    for (int i = 0; i < values.size(); i++) {
      requireBytes("value", valueBytes, values.get(i).length);
      System.arraycopy(values.get(i), 0, all, i * padded(valueBytes), valueBytes);
    }
    update(key, all);
  }

  /** Puts a descriptor into a map of maps, programs or perf events. */
  public void update(byte[] key, KernelObject element) {
    update(key, bytes(element.fd()));
  }

  /**
   * Removes a key.
   *
   * @return whether there was one
   */
  public boolean delete(byte[] key) {
    requireBytes("key", keyBytes, key.length);
    try (Arena arena = Arena.ofConfined()) {
      return element(
          BpfCommand.BPF_MAP_DELETE_ELEM, arena, copy(arena, key), MemorySegment.NULL, 0);
    }
  }

  /**
   * The key after this one; the first when there is no such key (any more).
   *
   * @param key no bytes ask for the first
   */
  public Optional<byte[]> nextKey(byte[] key) {
    if (key.length != 0) {
      requireBytes("key", keyBytes, key.length);
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment next = arena.allocate(Math.max(keyBytes, 1), CPU_ALIGNMENT);
      return element(BpfCommand.BPF_MAP_GET_NEXT_KEY, arena, copy(arena, key), next, 0)
          ? Optional.of(next.asSlice(0, keyBytes).toArray(ValueLayout.JAVA_BYTE))
          : Optional.empty();
    }
  }

  /** Adds to a queue, a stack or a bloom filter. */
  public void push(byte[] value) {
    update(new byte[0], value);
  }

  /** Takes the oldest of a queue or the youngest of a stack. */
  public Optional<byte[]> pop() {
    return lookupAndDelete(new byte[0]);
  }

  /** The next that {@link #pop} would take. */
  public Optional<byte[]> peek() {
    return lookup(new byte[0]);
  }

  /** Whether a bloom filter has perhaps seen a value; false is certain. */
  public boolean mayContain(byte[] value) {
    requireBytes("value", valueBytes, value.length);
    try (Arena arena = Arena.ofConfined()) {
      return element(
          BpfCommand.BPF_MAP_LOOKUP_ELEM, arena, MemorySegment.NULL, copy(arena, value), 0);
    }
  }

  /** Forbids updates from user space for good; the verifier may then take values as known. */
  public void freeze() {
    try (Arena arena = Arena.ofConfined()) {
      element(BpfCommand.BPF_MAP_FREEZE, arena, MemorySegment.NULL, MemorySegment.NULL, 0);
    }
  }

  @Override
  public int fd() {
    return descriptor.fd();
  }

  @Override
  public int id() {
    return info().id();
  }

  @Override
  public void close() {
    descriptor.close();
  }

  @Override
  public String toString() {
    return "map " + name + " (" + type + ")";
  }

  private Optional<byte[]> read(BpfCommand command, byte[] key) {
    requireBytes("key", keyBytes, key.length);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment value = arena.allocate(Math.max(elementBytes(), 1), CPU_ALIGNMENT);
      return element(command, arena, copy(arena, key), value, 0)
          ? Optional.of(value.asSlice(0, elementBytes()).toArray(ValueLayout.JAVA_BYTE))
          : Optional.empty();
    }
  }

  /** Whether there was an element. */
  private boolean element(
      BpfCommand command, Arena arena, MemorySegment key, MemorySegment value, long flags) {
    int result = Bpf.tryCall(command, new BpfElementAttr(arena, fd(), key, value, flags));
    if (result >= 0) {
      return true;
    }
    if (-result == Errno.ENOENT.value() && command != BpfCommand.BPF_MAP_UPDATE_ELEM) {
      return false;
    }
    throw Refusal.ofElement(this, command, result);
  }

  private void requireBytes(String of, int expected, int given) {
    if (given != expected) {
      throw new IllegalArgumentException(
          "a %s of %s has %d bytes, not %d".formatted(of, this, expected, given));
    }
  }

  static int padded(int bytes) {
    return (bytes + CPU_ALIGNMENT - 1) / CPU_ALIGNMENT * CPU_ALIGNMENT;
  }

  private static byte[] bytes(int number) {
    return new byte[] {
      (byte) number, (byte) (number >> 8), (byte) (number >> 16), (byte) (number >> 24)
    };
  }

  private static MemorySegment copy(Arena arena, byte[] bytes) {
    return bytes.length == 0
        ? MemorySegment.NULL
        : arena.allocateFrom(ValueLayout.JAVA_BYTE, bytes);
  }
}
