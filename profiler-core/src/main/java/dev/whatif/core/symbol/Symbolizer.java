package dev.whatif.core.symbol;

import dev.whatif.core.dwarf.DebugFiles;
import dev.whatif.core.dwarf.LineRule;
import dev.whatif.core.elf.SymbolTable;
import dev.whatif.core.process.AddressSpace;
import dev.whatif.core.process.Mapping;
import dev.whatif.core.process.Vdso;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Turns addresses into named frames.
 *
 * <p>Files are opened when an address in them is first asked for, and once for all processes that
 * map them; until {@link #close} they stay mapped. Answers are remembered in a table of bounded
 * size: asking again costs tens of nanoseconds. Nothing thrown by a damaged file comes out of here:
 * its frames become addresses, and {@link #missing()} says so.
 *
 * <p>Any thread may ask; an {@link AddressSpace} itself belongs to one thread.
 */
public final class Symbolizer implements AutoCloseable {

  private static final int REMEMBERED = 1 << 16;
  private static final String ANONYMOUS = "[anon]";
  private static final String VDSO = "[vdso]";

  /** Stands for the kernel in the cache. */
  private static final Mapping KERNEL = new Mapping(0, -1, 0, "[kernel]", "", 0, true);

  /** The identity of a file, the same in every process that maps it. */
  private record FileKey(String path, String device, long inode) {}

  private final DebugFiles search;
  private final LineRule rule;
  private final FrameCache cache = new FrameCache(REMEMBERED);
  private final Map<FileKey, FileSymbols> files = new ConcurrentHashMap<>();
  private final Map<Integer, PerfMap> perfMaps = new ConcurrentHashMap<>();
  private final Once<Kallsyms> kernel = new Once<>(this::readKernel);
  private final Once<Optional<ObjectSymbols>> vdso = new Once<>(Symbolizer::vdsoSymbols);
  private final Map<String, Missing> missing = new LinkedHashMap<>();

  /**
   * A symbolizer that knows nothing yet.
   *
   * @param search where separate debug files are looked for
   */
  public Symbolizer(DebugFiles search) {
    this(search, LineRule.LAST_ROW);
  }

  /**
   * The same with a choice of lines.
   *
   * @param rule which line counts where several have the same address
   */
  public Symbolizer(DebugFiles search, LineRule rule) {
    this.search = search;
    this.rule = rule;
  }

  /**
   * The frames at an address, the innermost inlined function first, the physical function last.
   *
   * @param space of the process, as it was when the address was executed
   * @param pc where it was
   * @param exact false for a return address: the call before it is looked up
   * @return never empty; an unknown address is one frame named {@code [object]+0x12}, {@code
   *     [anon]} in memory without a file, or {@code 0x1234}
   */
  public List<SourceFrame> resolve(AddressSpace space, long pc, boolean exact) {
    int behind = exact ? 0 : 1;
    Mapping mapping = space.find(pc - behind);
    if (mapping == null) {
      return List.of(address("[unknown]", pc));
    }
    List<SourceFrame> known = cache.get(mapping, pc, exact);
    if (known != null) {
      return known;
    }
    List<SourceFrame> frames = lookUp(space.pid(), mapping, pc, behind);
    if (frames == null) {
      return jit(space.pid(), mapping, pc, behind); // changes as code is made: never remembered
    }
    cache.put(mapping, pc, exact, frames);
    return frames;
  }

  /**
   * The frame at an address of the kernel: one.
   *
   * @param pc in the kernel's half of the address space
   * @return named {@code [kernel]} when this user may not see the kernel's addresses
   */
  public List<SourceFrame> resolveKernel(long pc) {
    return resolveKernel(pc, true);
  }

  /**
   * The same for a return address too.
   *
   * @param exact false for a return address: the call before it is looked up
   */
  public List<SourceFrame> resolveKernel(long pc, boolean exact) {
    List<SourceFrame> known = cache.get(KERNEL, pc, exact);
    if (known == null) {
      known = kernel.get().at(exact ? pc : pc - 1, pc);
      cache.put(KERNEL, pc, exact, known);
    }
    return known;
  }

  /**
   * What could not be known about the objects met so far, each once, in the order they were met.
   */
  public List<Missing> missing() {
    synchronized (missing) {
      return List.copyOf(missing.values());
    }
  }

  /**
   * Forgets the names of a process's run-time code: it has ended or executed another program. Files
   * stay open for others.
   */
  public void forget(int pid) {
    perfMaps.remove(pid);
  }

  /** The frames of mapped files, or null for memory that shows no file of code. */
  private @Nullable List<SourceFrame> lookUp(int pid, Mapping mapping, long pc, int behind) {
    if (mapping.path().equals(VDSO) && vdso.get().isPresent()) {
      return vdso.get().get().at(mapping.offsetOf(pc - behind), behind);
    }
    if (!mapping.isFile()) {
      return null;
    }
    FileKey key = new FileKey(mapping.path(), mapping.device(), mapping.inode());
    return files
        .computeIfAbsent(key, k -> new FileSymbols(search, rule, this::note))
        .at(pid, mapping, pc, behind);
  }

  private List<SourceFrame> jit(int pid, Mapping mapping, long pc, int behind) {
    SourceFrame named = perfMaps.computeIfAbsent(pid, PerfMap::of).at(pc - behind, pc);
    if (named != null) {
      return List.of(named);
    }
    if (mapping.isFile()) {
      return List.of(ObjectSymbols.unknown(mapping.objectName(), mapping.offsetOf(pc)));
    }
    boolean plain = mapping.path().isEmpty() || mapping.path().startsWith("//anon");
    return List.of(
        plain
            ? anonymous(mapping, pc)
            : ObjectSymbols.unknown(mapping.objectName(), pc - mapping.start()));
  }

  private Kallsyms readKernel() {
    Kallsyms read = Kallsyms.read();
    if (read.isHidden()) {
      note(
          new Missing(
              KERNEL.path(),
              "/proc/kallsyms",
              Missing.What.SYMBOLS,
              "the kernel hides its addresses; run as root, or: sysctl kernel.kptr_restrict=0"));
    }
    return read;
  }

  private void note(Missing m) {
    synchronized (missing) {
      missing.putIfAbsent(m.path(), m);
    }
  }

  private static Optional<ObjectSymbols> vdsoSymbols() {
    return Vdso.image().map(elf -> new ObjectSymbols(Vdso.NAME, elf, SymbolTable.of(elf), null));
  }

  /** All of it is one function: addresses would be as many, and other ones in each process. */
  private static SourceFrame anonymous(Mapping mapping, long pc) {
    int into = Math.clamp(pc - mapping.start(), 0, Integer.MAX_VALUE);
    return new SourceFrame(ANONYMOUS, ANONYMOUS, "", 0, FrameKind.NATIVE, into);
  }

  private static SourceFrame address(String object, long pc) {
    return new SourceFrame("0x" + Long.toHexString(pc), object, "", 0, FrameKind.NATIVE, 0);
  }

  /** Closes all files; nothing may be asked any more. */
  @Override
  public void close() {
    Collection<FileSymbols> open = files.values();
    open.forEach(FileSymbols::close);
    files.clear();
  }

  /** Something made when it is first needed. */
  private static final class Once<T> {
    private final Supplier<T> maker;
    private volatile @Nullable T made;

    Once(Supplier<T> maker) {
      this.maker = maker;
    }

    T get() {
      T known = made;
      return known != null ? known : make();
    }

    private synchronized T make() {
      T known = made;
      if (known == null) {
        known = maker.get();
        made = known;
      }
      return known;
    }
  }
}
