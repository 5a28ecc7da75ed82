package dev.whatif.core.place;

import dev.whatif.core.dwarf.DebugFiles;
import dev.whatif.core.dwarf.SourceCode;
import dev.whatif.core.failure.BadDataException;
import dev.whatif.core.failure.UsageException;
import dev.whatif.core.process.Mapping;
import dev.whatif.core.process.ProcMaps;
import dev.whatif.core.process.Target;
import dev.whatif.core.symbol.FrameKind;
import dev.whatif.core.symbol.Missing;
import dev.whatif.core.symbol.SourceFrame;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The code of a target's processes: from what a user writes to offsets in files, and from an offset
 * that was sampled to names and to all the code of that name.
 *
 * <p>Every mapped file is known once, by device, inode and path, whatever number of processes maps
 * it; it is opened when the first question needs it and held open until this is closed. When
 * processes may have mapped other files ({@code dlopen}, {@code exec}, a new process), {@link
 * #refresh} reads their mappings again.
 *
 * <p>Any thread may ask while another refreshes. Damaged files answer nothing, and {@link
 * #missing()} says so.
 */
public final class TargetCode implements AutoCloseable {

  /** The identity of a file, the same in every process that maps it. */
  private record FileKey(String path, String device, long inode) {}

  private final DebugFiles search;
  private final Map<FileKey, OpenCode> files = new LinkedHashMap<>();
  private final Map<Integer, List<Mapping>> mappings = new ConcurrentHashMap<>();
  private final Map<String, Missing> missing = new LinkedHashMap<>();

  private TargetCode(DebugFiles search) {
    this.search = search;
  }

  /**
   * The code that the processes of a target map now.
   *
   * @param search where separate debug files are looked for
   */
  public static TargetCode of(Target target, DebugFiles search) {
    return of(target.processes(), search);
  }

  /** The same for processes by number; those that have ended are passed over. */
  public static TargetCode of(Collection<Integer> pids, DebugFiles search) {
    TargetCode result = new TargetCode(search);
    result.refresh(pids);
    return result;
  }

  /**
   * Reads the mappings of these processes again; forgets those of others, but none of the files.
   *
   * @return the files that were not known before
   */
  public List<CodeFile> refresh(Collection<Integer> pids) {
    List<CodeFile> fresh = new ArrayList<>();
    mappings.keySet().retainAll(pids);
    for (int pid : pids) {
      List<Mapping> code = codeOf(pid);
      mappings.put(pid, code);
      synchronized (files) {
        for (Mapping m : code) {
          FileKey key = new FileKey(m.path(), m.device(), m.inode());
          OpenCode known = files.get(key);
          if (known == null) {
            known = new OpenCode(new CodeFile(m, pid), search, this::note);
            files.put(key, known);
            fresh.add(known.file());
          } else if (!mappings.containsKey(known.file().pid())) {
            known.file().mappedBy(pid);
          }
        }
      }
    }
    return fresh;
  }

  /** All files with code, in the order in which they were met: usually the program first. */
  public List<CodeFile> files() {
    return open().stream().map(OpenCode::file).toList();
  }

  /**
   * The file of a number.
   *
   * @param device as the kernel keeps it: {@code major << 20 | minor}
   */
  public Optional<CodeFile> file(long device, long inode) {
    return files().stream().filter(f -> f.device() == device && f.inode() == inode).findFirst();
  }

  /**
   * Where in a file an address of a process lies.
   *
   * @return empty when no code was mapped there when the mappings were last read
   */
  public Optional<CodePoint> at(int pid, long address) {
    for (Mapping m : mappings.getOrDefault(pid, List.of())) {
      if (m.contains(address)) {
        synchronized (files) {
          return Optional.ofNullable(files.get(new FileKey(m.path(), m.device(), m.inode())))
              .map(f -> new CodePoint(f.file(), m.offsetOf(address)));
        }
      }
    }
    return Optional.empty();
  }

  /**
   * All code of a place, disjoint in each file.
   *
   * <p>A function is all of its parts and copies, also those that were inlined into others, and
   * what is inlined into it. Functions of the same name are one.
   *
   * @return never empty
   * @throws UsageException when there is no such code; names what comes near
   */
  public List<CodeRange> ranges(Place place) {
    return new Resolution(this, place).ranges();
  }

  /**
   * The instructions that are reached once whenever a place is: the beginning of a function and of
   * each of its inlined copies, of a line in each function that has it; the sites of a static
   * probe.
   *
   * @return never empty
   * @throws UsageException when there are none; names what comes near
   */
  public List<ProbeSite> sites(Place place) {
    return new Resolution(this, place).sites();
  }

  /** What a byte of a file is called. */
  public CodeName name(CodeFile file, long offset) {
    List<SourceFrame> frames = of(file).map(f -> f.frames(offset)).orElse(List.of());
    return new CodeName(file.object(), frames.isEmpty() ? List.of(unknown(file, offset)) : frames);
  }

  /** All code of the piece that a byte belongs to; see {@link CodeName#regionOf}. */
  public List<CodeRange> rangesAt(CodeFile file, long offset, Level level) {
    CodeName name = name(file, offset);
    return of(file).map(code -> rangesAt(code, name, offset, level)).orElse(List.of());
  }

  /** All code of the physical function that a byte belongs to, with its inlined copies. */
  public List<CodeRange> rangesOfFunctionAt(CodeFile file, long offset) {
    return rangesAt(file, offset, Level.FUNCTION);
  }

  /** All code of the line that a byte belongs to. */
  public List<CodeRange> rangesOfLineAt(CodeFile file, long offset) {
    return rangesAt(file, offset, Level.LINE);
  }

  /** What could not be known about the files that were opened so far, each once. */
  public List<Missing> missing() {
    synchronized (missing) {
      return List.copyOf(missing.values());
    }
  }

  /** All files, unopened ones too. */
  List<OpenCode> open() {
    synchronized (files) {
      return List.copyOf(files.values());
    }
  }

  /** Where an address is mapped, in the first process that has code there. */
  Optional<CodePoint> at(long address) {
    return new TreeMap<>(mappings)
        .keySet().stream().flatMap(pid -> at(pid, address).stream()).findFirst();
  }

  private List<CodeRange> rangesAt(OpenCode code, CodeName name, long offset, Level level) {
    if (level == Level.LINE && name.line() > 0 && !name.file().isEmpty()) {
      List<CodeRange> result = new ArrayList<>();
      for (SourceCode source : code.sources(name.file())) {
        if (source.path().equals(name.file())) {
          result.addAll(code.code(source, name.line()));
        }
      }
      return result;
    }
    String function = level == Level.FUNCTION ? name.function() : name.inlined();
    if (name.frames().getLast().file().isEmpty()) {
      List<CodeRange> unnamed = unnamed(code, function);
      if (!unnamed.isEmpty()) {
        return unnamed;
      }
    }
    List<CodeRange> named = code.function(QualifiedName.withoutClone(function));
    return named.isEmpty() ? List.of(new CodeRange(code.file(), offset, offset + 1)) : named;
  }

  private static List<CodeRange> unnamed(OpenCode code, String function) {
    try {
      return Place.parse(function) instanceof Place.Unnamed u
          ? code.unnamed(u.address())
          : List.of();
    } catch (UsageException e) {
      return List.of(); // a readable name that nobody could write
    }
  }

  private Optional<OpenCode> of(CodeFile file) {
    return open().stream().filter(o -> o.file() == file).findFirst();
  }

  private static SourceFrame unknown(CodeFile file, long offset) {
    String object = file.object();
    return new SourceFrame(
        "[" + object + "]+0x" + Long.toHexString(offset), object, "", 0, FrameKind.NATIVE, 0);
  }

  private static List<Mapping> codeOf(int pid) {
    try {
      return ProcMaps.read(pid).stream().filter(m -> m.executable() && m.isFile()).toList();
    } catch (IOException | BadDataException e) {
      return List.of(); // it has ended
    }
  }

  private void note(Missing m) {
    synchronized (missing) {
      missing.putIfAbsent(m.path(), m);
    }
  }

  /** Closes all files; they answer nothing from now on. */
  @Override
  public void close() {
    open().forEach(OpenCode::close);
  }
}
