package dev.whatif.core.unwind;

import dev.whatif.core.dwarf.DebugFiles;
import dev.whatif.core.elf.ElfFile;
import dev.whatif.core.failure.BadDataException;
import dev.whatif.core.process.AddressSpace;
import dev.whatif.core.process.MappedFile;
import dev.whatif.core.process.Mapping;
import dev.whatif.core.process.Vdso;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The unwind tables of all files that processes have mapped, each built when an address in it is
 * first met and shared by all processes.
 *
 * <p>Bounded: the tables used longest ago are dropped when all together exceed a limit. A file that
 * cannot be read is remembered as such and tried again after a while. Safe for use by several
 * threads; one that meets a new file makes the others wait until its table is built (about 10 ms
 * for the C library once the JVM is warm): call {@link #prepare} before timing matters.
 */
public final class UnwindTables {

  /** Memory of all tables together, unless told otherwise. */
  public static final long DEFAULT_MAX_BYTES = 512L << 20;

  private static final long RETRY_NANOS = 5_000_000_000L;

  /** The same file, whatever process has mapped it. */
  private record Identity(String path, String device, long inode) {}

  private final long maxBytes;
  private final DebugFiles search;
  private final LinkedHashMap<Identity, CodeObject> objects = new LinkedHashMap<>(64, 0.75f, true);
  private long bytes;
  private final AtomicInteger generation = new AtomicInteger();

  /** Keeps up to {@link #DEFAULT_MAX_BYTES} of tables; looks where debug files usually lie. */
  public UnwindTables() {
    this(DEFAULT_MAX_BYTES, DebugFiles.standard());
  }

  /**
   * Tables with a limit of their own.
   *
   * @param maxBytes of all tables; the newest is kept even when it alone is larger
   * @param search finds the separate debug file whose {@code .debug_frame} describes code that
   *     {@code .eh_frame} does not: programs built without asynchronous unwind tables
   */
  public UnwindTables(long maxBytes, DebugFiles search) {
    this.maxBytes = maxBytes;
    this.search = search;
  }

  /** The table of a mapping; empty when it shows no file, or one that cannot be read. */
  public Optional<UnwindTable> table(AddressSpace space, Mapping mapping) {
    return Optional.ofNullable(code(space.pid(), mapping).table());
  }

  /** Builds the tables of everything a process has mapped for execution now. */
  public void prepare(AddressSpace space) {
    for (Mapping m : List.copyOf(space.mappings())) {
      if (m.executable()) {
        code(space.pid(), m);
      }
    }
  }

  /** Why files have no table: path and reason. */
  public synchronized Map<String, String> failures() {
    Map<String, String> result = new LinkedHashMap<>();
    objects.forEach((id, o) -> {
      String why = o.failure();
      if (why != null) {
        result.put(id.path(), why);
      }
    });
    return result;
  }

  /** Memory of all tables. */
  public synchronized long byteSize() {
    return bytes;
  }

  /** Changes when tables were dropped: who keeps some of its own lets go of them. */
  int generation() {
    return generation.get();
  }

  MappedCode code(int pid, Mapping mapping) {
    if (!mapping.isFile() && !mapping.path().equals(Vdso.NAME)) {
      return new MappedCode(mapping, null, 0);
    }
    CodeObject object = object(pid, mapping);
    return new MappedCode(mapping, object.table(), object.bias(mapping));
  }

  private synchronized CodeObject object(int pid, Mapping mapping) {
    Identity id = new Identity(mapping.path(), mapping.device(), mapping.inode());
    CodeObject known = objects.get(id);
    if (known != null
        && (known.failure() == null || System.nanoTime() - known.bornNanos() < RETRY_NANOS)) {
      return known;
    }
    CodeObject made = make(pid, mapping);
    objects.put(id, made);
    bytes += made.byteSize();
    evict(id);
    return made;
  }

  private CodeObject make(int pid, Mapping mapping) {
    try {
      if (mapping.path().equals(Vdso.NAME)) {
        return Vdso.image()
            .map(vdso -> CodeObject.of(vdso, null))
            .orElseGet(() -> CodeObject.failed("this process has none"));
      }
      MappedFile file = MappedFile.open(pid, mapping);
      try (ElfFile elf = file.elf();
          ElfFile separate = separateOf(file)) {
        return CodeObject.of(elf, separate);
      }
    } catch (BadDataException e) {
      return CodeObject.failed(String.valueOf(e.getMessage()));
    } catch (UncheckedIOException e) {
      return CodeObject.failed(String.valueOf(e.getCause()));
    } catch (InternalError e) {
      // A page of the mapped file is gone: somebody truncated it (see ElfFile).
      return CodeObject.failed("the file was truncated while it was read");
    }
  }

  private @Nullable ElfFile separateOf(MappedFile file) {
    if (file.elf().section(".debug_frame").isPresent()) {
      return null;
    }
    try {
      return search.debugFileOf(file.elf(), file.location(), file.root()).orElse(null);
    } catch (BadDataException e) {
      return null; // a damaged link leads nowhere; the file's own tables are still good
    }
  }

  private void evict(Identity keep) {
    Iterator<Map.Entry<Identity, CodeObject>> eldest = objects.entrySet().iterator();
    while (bytes > maxBytes && eldest.hasNext()) {
      Map.Entry<Identity, CodeObject> e = eldest.next();
      if (!e.getKey().equals(keep) && e.getValue().byteSize() > 0) {
        bytes -= e.getValue().byteSize();
        eldest.remove();
        generation.incrementAndGet();
      }
    }
  }
}
