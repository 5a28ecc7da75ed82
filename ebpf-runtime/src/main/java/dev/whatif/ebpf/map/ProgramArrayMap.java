package dev.whatif.ebpf.map;

import dev.whatif.core.linux.Bpf;
import dev.whatif.core.linux.Errno;
import dev.whatif.core.linux.RawMemory;

/**
 * BPF_MAP_TYPE_PROG_ARRAY: what tail calls lead to. An element is the number of a program, 1 or
 * more, as whoever runs programs has given it; an address would be another one in each process.
 * Programs can neither read nor write it.
 */
public final class ProgramArrayMap extends BpfMap {

  private final long values;
  private final long stride;

  ProgramArrayMap(MapMemory memory, MapGeometry geometry, int slot) {
    super(memory, geometry, slot);
    this.values = memory.address() + geometry.values();
    this.stride = geometry.valueStride();
  }

  /** The program of an index; 0 when there is none. */
  public int program(int index) {
    return Integer.compareUnsigned(index, shape().maxEntries()) < 0
        ? RawMemory.getIntAcquire(values + Integer.toUnsignedLong(index) * stride)
        : 0;
  }

  /** Sets or, with program 0, removes the program of an index; 0 or a negative errno. */
  public int set(int index, int program) {
    if (Integer.compareUnsigned(index, shape().maxEntries()) >= 0) {
      return E2BIG;
    }
    RawMemory.putIntRelease(values + Integer.toUnsignedLong(index) * stride, program);
    return 0;
  }

  @Override
  public long lookup(long key, int slot) {
    return 0;
  }

  @Override
  public int update(long key, long value, long flags, int slot) {
    return EINVAL;
  }

  @Override
  public int delete(long key, int slot) {
    int index = RawMemory.getInt(key);
    if (Integer.compareUnsigned(index, shape().maxEntries()) < 0 && program(index) == 0) {
      return ENOENT;
    }
    return set(index, 0);
  }

  @Override
  public long valueStart(long address) {
    return 0;
  }

  @Override
  int read(long key, long element) {
    int program = program(RawMemory.getInt(key));
    RawMemory.putInt(element, program);
    return program == 0 ? ENOENT : 0;
  }

  @Override
  int write(long key, long element, long flags) {
    int index = RawMemory.getInt(key);
    if (flags != Bpf.BPF_ANY) {
      return EINVAL;
    }
    if (Integer.compareUnsigned(index, shape().maxEntries()) >= 0) {
      return E2BIG;
    }
    int program = RawMemory.getInt(element);
    return program == 0 ? -Errno.EBADF.value() : set(index, program);
  }

  @Override
  int nextKey(long key, long next) {
    return ArrayMap.nextIndex(key, next, shape().maxEntries());
  }
}
