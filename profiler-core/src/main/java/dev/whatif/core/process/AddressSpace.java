package dev.whatif.core.process;

import java.io.IOException;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What one process has mapped for execution, kept current while it runs.
 *
 * <p>Begins as a reading of {@code /proc/PID/maps} and follows the kernel's mmap records. A new
 * mapping replaces what it overlaps, cutting older ones, as mmap does. Unmapping is not reported by
 * the kernel: a stale range stays until something else is mapped there, which is harmless for
 * addresses that were really executed. Confined to one thread.
 */
public final class AddressSpace {

  private final int pid;
  private final TreeMap<Long, Mapping> byStart = new TreeMap<>(Long::compareUnsigned);
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
    child.byStart.putAll(byStart);
    return child;
  }

  /** Whose it is. */
  public int pid() {
    return pid;
  }

  /** Forgets everything: the process has executed another program. */
  public void clear() {
    byStart.clear();
    last = null;
  }

  /** Adds a mapping; what it overlaps is cut away. */
  public void map(Mapping mapping) {
    last = null;
    Map.Entry<Long, Mapping> e = byStart.floorEntry(mapping.end() - 1);
    while (e != null && Long.compareUnsigned(e.getValue().end(), mapping.start()) > 0) {
      Mapping old = e.getValue();
      byStart.remove(old.start());
      if (Long.compareUnsigned(old.end(), mapping.end()) > 0) {
        put(
            new Mapping(
                mapping.end(),
                old.end(),
                old.offsetOf(mapping.end()),
                old.path(),
                old.device(),
                old.inode(),
                old.executable()));
      }
      if (Long.compareUnsigned(old.start(), mapping.start()) < 0) {
        put(
            new Mapping(
                old.start(),
                mapping.start(),
                old.fileOffset(),
                old.path(),
                old.device(),
                old.inode(),
                old.executable()));
      }
      e = byStart.floorEntry(mapping.end() - 1);
    }
    put(mapping);
  }

  /** The mapping that an address lies in, or null. */
  public @Nullable Mapping find(long address) {
    Mapping recent = last;
    if (recent != null && recent.contains(address)) {
      return recent;
    }
    Map.Entry<Long, Mapping> e = byStart.floorEntry(address);
    if (e == null || !e.getValue().contains(address)) {
      return null;
    }
    last = e.getValue();
    return last;
  }

  /** All of them, in address order; a live view. */
  public Collection<Mapping> mappings() {
    return byStart.values();
  }

  private void put(Mapping m) {
    byStart.put(m.start(), m);
  }
}
