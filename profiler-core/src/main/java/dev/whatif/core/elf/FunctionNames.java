package dev.whatif.core.elf;

import java.nio.charset.StandardCharsets;

/**
 * Every name of every function of a file: unlike {@link SymbolTable}, which knows one name for an
 * address, this finds {@code cfree} where {@code free} lies. Immutable, holds no file open; any
 * thread may read.
 */
public final class FunctionNames {

  private final long[] address;
  private final long[] end;
  private final byte[][] strings;
  private final int[] nameOffset;
  private final byte[] nameTable;

  FunctionNames(long[] address, long[] end, byte[][] strings, int[] nameOffset, byte[] nameTable) {
    this.address = address;
    this.end = end;
    this.strings = strings;
    this.nameOffset = nameOffset;
    this.nameTable = nameTable;
  }

  /**
   * The names that all these files together have, as {@link SymbolTable#of}.
   *
   * @throws dev.whatif.core.failure.BadDataException when a table is damaged
   */
  public static FunctionNames of(ElfFile... files) {
    SymbolTableBuilder builder = new SymbolTableBuilder();
    for (ElfFile file : files) {
      SymbolSections.addTo(builder, file);
    }
    return builder.buildNames();
  }

  /** Number of names. */
  public int count() {
    return address.length;
  }

  /** First address of the function that has a name. */
  public long address(int name) {
    return address[name];
  }

  /** Address behind its last byte. */
  public long end(int name) {
    return end[name];
  }

  /** The name as linked, without a symbol version. */
  public String text(int name) {
    return SymbolTable.name(strings[nameTable[name]], nameOffset[name]);
  }

  /** Whether a text occurs in a name, without making that a string. */
  public boolean contains(int name, String text) {
    byte[] table = strings[nameTable[name]];
    byte[] sought = text.getBytes(StandardCharsets.UTF_8);
    int start = nameOffset[name];
    int length = SymbolTable.nameLength(table, start, SymbolTable.MAX_NAME_BYTES);
    for (int at = start; at <= start + length - sought.length; at++) {
      int i = 0;
      while (i < sought.length && table[at + i] == sought[i]) {
        i++;
      }
      if (i == sought.length) {
        return true;
      }
    }
    return false;
  }
}
