package dev.whatif.core.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Path;
import java.util.OptionalLong;

/** A library that is loaded into this process, which runs its constructors. One thread. */
public final class SharedLibrary implements AutoCloseable {

  private final Arena arena = Arena.ofConfined();
  private final SymbolLookup symbols;

  private SharedLibrary(Path file) {
    symbols = SymbolLookup.libraryLookup(file, arena);
  }

  /**
   * Loads one.
   *
   * @throws IllegalArgumentException when the loader refuses the file
   */
  public static SharedLibrary open(Path file) {
    return new SharedLibrary(file);
  }

  /** Where a symbol is in this process; empty when the library exports none of that name. */
  public OptionalLong address(String symbol) {
    return symbols.find(symbol).stream().mapToLong(MemorySegment::address).findFirst();
  }

  @Override
  public void close() {
    arena.close();
  }
}
