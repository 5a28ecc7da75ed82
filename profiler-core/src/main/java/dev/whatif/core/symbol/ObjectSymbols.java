package dev.whatif.core.symbol;

import dev.whatif.core.elf.ElfFile;
import dev.whatif.core.elf.SymbolTable;
import dev.whatif.core.failure.BadDataException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Everything known about the code of one file: its functions, and its lines where there is debug
 * information. Any thread may ask.
 */
final class ObjectSymbols implements AutoCloseable {

  private final String object;
  private final ElfFile elf;
  private final @Nullable ElfFile debug;
  private final SymbolTable symbols;
  // Filled as functions are met; a race makes the same string twice.
  private final Demangler.@Nullable Demangled[] names;

  private ObjectSymbols(String object, ElfFile elf, @Nullable ElfFile debug, SymbolTable symbols) {
    this.object = object;
    this.elf = elf;
    this.debug = debug;
    this.symbols = symbols;
    this.names = new Demangler.Demangled[symbols.count()];
  }

  /**
   * Reads the symbols of a file; takes it over.
   *
   * @param object what frames call it
   * @param missing told what is not there
   */
  static ObjectSymbols of(
      String object, MappedFile file, DebugFiles search, Consumer<Missing> missing) {
    ElfFile elf = file.elf();
    ElfFile debug = null;
    String where = file.location().toString();
    SymbolTable symbols = SymbolTable.EMPTY;
    try {
      if (elf.section(".debug_info").isEmpty()) {
        debug = search.debugFileOf(elf, file.location(), file.root()).orElse(null);
      }
      symbols = debug == null ? SymbolTable.of(elf) : SymbolTable.of(elf, debug);
      if (symbols.count() == 0) {
        missing.accept(
            new Missing(
                object,
                where,
                Missing.What.SYMBOLS,
                "stripped, and no separate debug file was found; install its debug package"));
      } else if (debug == null && elf.section(".debug_info").isEmpty()) {
        missing.accept(
            new Missing(
                object,
                where,
                Missing.What.LINES,
                "built without -g, or its debug package is not installed"));
      }
    } catch (BadDataException e) {
      missing.accept(
          new Missing(object, where, Missing.What.SYMBOLS, String.valueOf(e.getMessage())));
    }
    return new ObjectSymbols(object, elf, debug, symbols);
  }

  /** For an image in memory, such as the vdso. */
  static ObjectSymbols of(String object, ElfFile image) {
    return new ObjectSymbols(object, image, null, SymbolTable.of(image));
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
    int symbol = symbols.find(vaddr);
    if (symbol < 0) {
      return List.of(unknown(object, vaddr + behind));
    }
    Demangler.Demangled name = nameOf(symbol);
    return List.of(
        new SourceFrame(
            name.text(),
            object,
            "",
            0,
            name.cpp() ? FrameKind.CPP : FrameKind.NATIVE,
            offset(vaddr + behind - symbols.address(symbol))));
  }

  /** What a frame of this object is called when its function is not known. */
  static SourceFrame unknown(String object, long offset) {
    String name = object.startsWith("[") ? object : "[" + object + "]";
    return new SourceFrame(
        name + "+0x" + Long.toHexString(offset), object, "", 0, FrameKind.NATIVE, 0);
  }

  private Demangler.Demangled nameOf(int symbol) {
    Demangler.Demangled known = names[symbol];
    if (known == null) {
      known = Demangler.demangle(symbols.name(symbol));
      names[symbol] = known;
    }
    return known;
  }

  private static int offset(long distance) {
    return (int) Math.clamp(distance, 0, Integer.MAX_VALUE);
  }

  @Override
  public void close() {
    elf.close();
    if (debug != null) {
      debug.close();
    }
  }
}
