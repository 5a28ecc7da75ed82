package dev.whatif.core.symbol;

import dev.whatif.core.dwarf.DebugInfo;
import dev.whatif.core.dwarf.FunctionRange;
import dev.whatif.core.dwarf.SourcePosition;
import dev.whatif.core.elf.ElfFile;
import dev.whatif.core.elf.SymbolTable;
import dev.whatif.core.unwind.FunctionBounds;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Names the code of one file: its functions, and lines and inlined functions where there is debug
 * information.
 *
 * <p>The physical function is called by its symbol, which tells {@code f} from {@code f.cold} and
 * is what the offset counts from; by its debug information when there is no symbol. In stripped
 * code it is called by where it begins, {@code [libz.so.1]+0x4980}, which its call frame
 * information still says; {@code _start} where the program begins. Any thread may ask.
 */
final class ObjectSymbols {

  /** Inlined functions repeat: their names are kept, up to here. */
  private static final int MAX_KEPT_NAMES = 50_000;

  private final String object;
  private final ElfFile elf;
  private final SymbolTable symbols;
  private final @Nullable DebugInfo lines;
  // Filled as functions are met; a race makes the same name twice.
  private final Demangler.@Nullable Demangled[] names;
  private final Map<String, String> inlinedNames = new ConcurrentHashMap<>();
  // Read when code without a name is first met; a race reads it twice.
  private volatile @Nullable FunctionBounds unnamed;

  /**
   * From what is known.
   *
   * @param object what frames call it
   * @param elf the file that is mapped; must stay open
   * @param lines its debug information, or null
   */
  ObjectSymbols(String object, ElfFile elf, SymbolTable symbols, @Nullable DebugInfo lines) {
    this.object = object;
    this.elf = elf;
    this.symbols = symbols;
    this.lines = lines;
    this.names = new Demangler.Demangled[symbols.count()];
  }

  /**
   * The frames at an offset in the file.
   *
   * @param fileOffset of the byte to look up
   * @param behind how far the program counter is behind that byte (1 for a return address)
   */
  List<SourceFrame> at(long fileOffset, int behind) {
    Optional<Long> address = elf.addressOf(fileOffset);
    if (address.isEmpty()) {
      return List.of(unknown(object, fileOffset + behind));
    }
    long vaddr = address.get();
    if (behind == 1 && isPushed(vaddr + 1)) {
      return at(fileOffset + 1, 0);
    }
    List<SourcePosition> positions = lines == null ? List.of() : lines.at(vaddr);
    SourcePosition last = positions.isEmpty() ? null : positions.getLast();
    SourceFrame physical = physical(vaddr, behind, last);
    if (positions.size() < 2) {
      return List.of(physical);
    }
    List<SourceFrame> frames = new ArrayList<>(positions.size());
    for (SourcePosition p : positions.subList(0, positions.size() - 1)) {
      frames.add(
          new SourceFrame(
              inlinedName(p), object, p.file(), p.line(), FrameKind.INLINED, physical.offset()));
    }
    frames.add(physical);
    return List.copyOf(frames);
  }

  /**
   * Whether a return address is the first of a function behind a gap: nobody has called from there.
   * Who makes a stack by hand pushes such an address for its outermost frame (glibc's makecontext:
   * __start_context).
   */
  private boolean isPushed(long vaddr) {
    if (symbols.find(vaddr - 1) >= 0) {
      return false;
    }
    int symbol = symbols.find(vaddr);
    if (symbol >= 0 && symbols.address(symbol) != vaddr) {
      return false;
    }
    FunctionBounds bounds = bounds();
    return bounds.startOf(vaddr - 1) < 0 && bounds.startOf(vaddr) == vaddr;
  }

  /** Where functions begin and end by the file's call frame information. */
  FunctionBounds bounds() {
    FunctionBounds known = unnamed;
    if (known == null) {
      known = FunctionBounds.of(elf);
      unnamed = known;
    }
    return known;
  }

  /** What a frame of this object is called when its function is not known. */
  static SourceFrame unknown(String object, long offset) {
    String name = object.startsWith("[") ? object : "[" + object + "]";
    return new SourceFrame(
        name + "+0x" + Long.toHexString(offset), object, "", 0, FrameKind.NATIVE, 0);
  }

  private SourceFrame physical(long vaddr, int behind, @Nullable SourcePosition position) {
    String file = position == null ? "" : position.file();
    int line = position == null ? 0 : position.line();
    int symbol = symbols.find(vaddr);
    if (symbol >= 0) {
      Demangler.Demangled name = nameOf(symbol);
      return frame(name, file, line, vaddr + behind - symbols.address(symbol));
    }
    Optional<FunctionRange> function = lines == null ? Optional.empty() : lines.function(vaddr);
    if (function.isPresent()) {
      FunctionRange f = function.get();
      String linkage = f.linkageName();
      String name = linkage == null ? f.name() : linkage;
      if (!name.isEmpty()) {
        return frame(Demangler.demangle(name), file, line, vaddr + behind - f.start());
      }
    }
    return unnamed(vaddr, behind, file, line);
  }

  private SourceFrame unnamed(long vaddr, int behind, String file, int line) {
    long start = bounds().startOf(vaddr);
    long into = start < 0 ? 0 : vaddr + behind - start;
    String name =
        start >= 0 && start == elf.entry() && elf.isProgram()
            ? "_start"
            : unknown(object, vaddr + behind - into).function();
    return new SourceFrame(
        name, object, file, line, FrameKind.NATIVE, Math.clamp(into, 0, Integer.MAX_VALUE));
  }

  private SourceFrame frame(Demangler.Demangled name, String file, int line, long offset) {
    FrameKind kind = name.cpp() ? FrameKind.CPP : FrameKind.NATIVE;
    int bounded = Math.clamp(offset, 0, Integer.MAX_VALUE);
    return new SourceFrame(name.text(), object, file, line, kind, bounded);
  }

  private Demangler.Demangled nameOf(int symbol) {
    Demangler.Demangled known = names[symbol];
    if (known == null) {
      known = Demangler.demangle(symbols.name(symbol));
      names[symbol] = known;
    }
    return known;
  }

  private String inlinedName(SourcePosition p) {
    String linkage = p.linkageName();
    if (linkage == null) {
      return p.function().isEmpty() ? "[inlined]" : p.qualifiedName();
    }
    String known = inlinedNames.get(linkage);
    if (known == null) {
      known = Demangler.demangle(linkage).text();
      if (inlinedNames.size() < MAX_KEPT_NAMES) {
        inlinedNames.put(linkage, known);
      }
    }
    return known;
  }
}
