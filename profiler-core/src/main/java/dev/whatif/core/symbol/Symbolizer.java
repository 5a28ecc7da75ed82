package dev.whatif.core.symbol;

import dev.whatif.core.failure.BadDataException;
import dev.whatif.core.process.AddressSpace;
import dev.whatif.core.process.Mapping;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Turns addresses into named frames.
 *
 * <p>Files are opened when an address in them is first asked for, and once for all processes that
 * map them. Answers are remembered in a table of bounded size: asking again costs tens of
 * nanoseconds. Any thread may ask; the {@link AddressSpace} given must not change meanwhile.
 */
public final class Symbolizer implements AutoCloseable {

  private static final int REMEMBERED = 1 << 16;

  /** The identity of a file, the same in every process that maps it. */
  private record FileKey(String path, String device, long inode) {}

  private final DebugFiles search;
  private final FrameCache cache = new FrameCache(REMEMBERED);
  private final Map<FileKey, FileSymbols> files = new ConcurrentHashMap<>();
  private final Map<String, Missing> missing = new HashMap<>();
  private final List<Missing> missingInOrder = new ArrayList<>();

  /**
   * A symbolizer that knows nothing yet.
   *
   * @param search where separate debug files are looked for
   */
  public Symbolizer(DebugFiles search) {
    this.search = search;
  }

  /**
   * The frames at an address, the innermost inlined function first, the physical function last.
   *
   * @param space of the process, as it was when the address was executed
   * @param pc where it was
   * @param exact false for a return address: the call before it is looked up
   * @return never empty; an unknown address is one frame named {@code [object]+0x12} or {@code
   *     0x1234}
   */
  public List<SourceFrame> resolve(AddressSpace space, long pc, boolean exact) {
    Mapping mapping = space.find(exact ? pc : pc - 1);
    if (mapping == null) {
      return List.of(address("[unknown]", pc));
    }
    List<SourceFrame> known = cache.get(mapping, pc, exact);
    if (known != null) {
      return known;
    }
    List<SourceFrame> frames = lookUp(space.pid(), mapping, pc, exact ? 0 : 1);
    cache.put(mapping, pc, exact, frames);
    return frames;
  }

  /**
   * The frame at an address of the kernel: one.
   *
   * @param pc in the kernel's half of the address space
   */
  public List<SourceFrame> resolveKernel(long pc) {
    return List.of(new SourceFrame("[kernel]", "[kernel]", "", 0, FrameKind.KERNEL, 0));
  }

  /**
   * What could not be known about the objects met so far, each once, in the order they were met.
   */
  public List<Missing> missing() {
    synchronized (missing) {
      return List.copyOf(missingInOrder);
    }
  }

  private List<SourceFrame> lookUp(int pid, Mapping mapping, long pc, int behind) {
    if (!mapping.isFile()) {
      return List.of(address(mapping.path().isEmpty() ? "[anon]" : mapping.objectName(), pc));
    }
    FileKey key = new FileKey(mapping.path(), mapping.device(), mapping.inode());
    FileSymbols file = files.computeIfAbsent(key, k -> new FileSymbols());
    return file.at(pid, mapping, pc, behind);
  }

  private void note(Missing m) {
    synchronized (missing) {
      if (missing.putIfAbsent(m.path(), m) == null) {
        missingInOrder.add(m);
      }
    }
  }

  private static SourceFrame address(String object, long pc) {
    return new SourceFrame("0x" + Long.toHexString(pc), object, "", 0, FrameKind.NATIVE, 0);
  }

  @Override
  public void close() {
    files.values().forEach(FileSymbols::close);
  }

  /** One file, opened when it is first needed. */
  private final class FileSymbols implements AutoCloseable {

    private @Nullable ObjectSymbols symbols;
    private boolean unreadable;

    List<SourceFrame> at(int pid, Mapping mapping, long pc, int behind) {
      ObjectSymbols opened = opened(pid, mapping);
      long fileOffset = mapping.offsetOf(pc - behind);
      return opened == null
          ? List.of(ObjectSymbols.unknown(mapping.objectName(), fileOffset + behind))
          : opened.at(fileOffset, behind);
    }

    private synchronized @Nullable ObjectSymbols opened(int pid, Mapping mapping) {
      if (symbols == null && !unreadable) {
        try {
          symbols =
              ObjectSymbols.of(
                  mapping.objectName(),
                  MappedFile.open(pid, mapping),
                  search,
                  Symbolizer.this::note);
        } catch (BadDataException e) {
          unreadable = true;
          note(
              new Missing(
                  mapping.objectName(),
                  mapping.path(),
                  Missing.What.FILE,
                  String.valueOf(e.getMessage())));
        }
      }
      return symbols;
    }

    @Override
    public synchronized void close() {
      if (symbols != null) {
        symbols.close();
      }
    }
  }
}
