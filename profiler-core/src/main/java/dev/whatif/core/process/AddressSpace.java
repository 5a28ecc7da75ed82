package dev.whatif.core.process;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one process has mapped for execution, kept current while it runs.
 *
 * <p>Begins as a reading of {@code /proc/PID/maps} and follows the kernel's mmap records. A new
 * mapping replaces what it overlaps, cutting older ones, as mmap does. Unmapping is not reported by
 * the kernel: a stale range stays until something else is mapped there, which is harmless for
 * addresses that were really executed. Confined to one thread.
 *
 * <p>Looking up an address allocates nothing: it happens for every frame of every sample.
 */
public final class AddressSpace {

  private final int pid;

  /**
   * In address order, without overlaps; beside each its start, so that a search reads one array.
   */
  private Mapping[] mappings = new Mapping[16];

  private long[] starts = new long[16];
  private int count;
  private @Nullable Mapping last;

  /** An empty address space. */
  public AddressSpace(int pid) {
    this.pid = pid;
  }

  /**
   * The executable mappings of a running process.
   *
   * @throws IOException when they cannot be read
   */
  public static AddressSpace of(int pid) throws IOException {
    AddressSpace space = new AddressSpace(pid);
    for (Mapping m : ProcMaps.read(pid)) {
      if (m.executable()) {
        space.map(m);
      }
    }
    return space;
  }

  /** The copy that a forked child starts with. */
  public AddressSpace fork(int childPid) {
    AddressSpace child = new AddressSpace(childPid);
    child.mappings = mappings.clone();
    child.starts = starts.clone();
    child.count = count;
    return child;
  }

  /** Whose it is. */
  public int pid() {
    return pid;
  }

  /** Forgets everything: the process has executed another program. */
  public void clear() {
    Arrays.fill(mappings, 0, count, null);
    count = 0;
    last = null;
  }

  /** Adds a mapping; what it overlaps is cut away. */
  public void map(Mapping mapping) {
    last = null;
    int from = indexOf(mapping.start());
    if (from < 0 || Long.compareUnsigned(mappings[from].end(), mapping.start()) <= 0) {
      from++;
    }
    int to = from;
    while (to < count && Long.compareUnsigned(starts[to], mapping.end()) < 0) {
      to++;
    }
    Mapping head = from < to ? before(mappings[from], mapping.start()) : null;
    Mapping tail = from < to ? behind(mappings[to - 1], mapping.end()) : null;
    int added = 1 + (head == null ? 0 : 1) + (tail == null ? 0 : 1);
    replace(from, to, added);
    int at = from;
    if (head != null) {
      set(at++, head);
    }
    set(at++, mapping);
    if (tail != null) {
      set(at, tail);
    }
  }

  /** The mapping that an address lies in, or null. */
  public @Nullable Mapping find(long address) {
    Mapping recent = last;
    if (recent != null && recent.contains(address)) {
      return recent;
    }
    int i = indexOf(address);
    if (i < 0 || !mappings[i].contains(address)) {
      return null;
    }
    last = mappings[i];
    return last;
  }

  /** All of them as they are now, in address order. */
  public List<Mapping> mappings() {
    return List.of(Arrays.copyOf(mappings, count));
  }

  /** The last one that begins at or before an address, or -1. */
  private int indexOf(long address) {
    int low = 0;
    int high = count - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      if (Long.compareUnsigned(starts[middle], address) <= 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return high;
  }

  /** Makes room for so many in place of a range. */
  private void replace(int from, int to, int added) {
    int size = count - (to - from) + added;
    if (size > mappings.length) {
      mappings = Arrays.copyOf(mappings, size * 2);
      starts = Arrays.copyOf(starts, size * 2);
    }
    System.arraycopy(mappings, to, mappings, from + added, count - to);
    System.arraycopy(starts, to, starts, from + added, count - to);
    if (size < count) {
      Arrays.fill(mappings, size, count, null);
    }
    count = size;
  }

  private void set(int i, Mapping m) {
    mappings[i] = m;
    starts[i] = m.start();
  }

  private static @Nullable Mapping before(Mapping old, long address) {
    return Long.compareUnsigned(old.start(), address) < 0 ? part(old, old.start(), address) : null;
  }

  private static @Nullable Mapping behind(Mapping old, long address) {
    return Long.compareUnsigned(old.end(), address) > 0 ? part(old, address, old.end()) : null;
  }

  private static Mapping part(Mapping m, long start, long end) {
    return new Mapping(
        start, end, m.offsetOf(start), m.path(), m.device(), m.inode(), m.executable());
  }
}
