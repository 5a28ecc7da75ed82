package dev.whatif.core.elf;

import java.nio.charset.StandardCharsets;

/**
 * The functions of a file: which one does an address belong to.
 *
 * <p>About 40 bytes a symbol beside its name; a lookup is one binary search. Where symbols nest (a
 * label with a size inside an assembler function), the innermost one wins; where several names
 * share an address, {@link SymbolTableBuilder} chooses one. Immutable, holds no file open; any
 * thread may read.
 */
public final class SymbolTable {

  /** A table without symbols. */
  public static final SymbolTable EMPTY = new SymbolTableBuilder().build();

  /** A longer name is cut here. */
  static final int MAX_NAME_BYTES = 64 * 1024;

  private final long[] address;
  private final long[] end;
  private final byte[][] strings;
  private final int[] nameOffset;
  private final byte[] nameTable;
  // Disjoint ranges in ascending order: from rangeStart[i] on, addresses belong to rangeSymbol[i]
  // (-1:
  // none).
  private final long[] rangeStart;
  private final int[] rangeSymbol;

  SymbolTable(
      long[] address,
      long[] end,
      byte[][] strings,
      int[] nameOffset,
      byte[] nameTable,
      long[] rangeStart,
      int[] rangeSymbol) {
    this.address = address;
    this.end = end;
    this.strings = strings;
    this.nameOffset = nameOffset;
    this.nameTable = nameTable;
    this.rangeStart = rangeStart;
    this.rangeSymbol = rangeSymbol;
  }

  /**
   * The functions that all these files together know: {@code .symtab}, {@code .dynsym}, the small
   * symbol table packed in {@code .gnu_debugdata}, and the entries of procedure linkage tables as
   * {@code name@plt}.
   *
   * @param files a program or library, and its separate debug file when there is one: they share
   *     addresses
   * @throws dev.whatif.core.failure.BadDataException when a table is damaged
   */
  public static SymbolTable of(ElfFile... files) {
    SymbolTableBuilder builder = new SymbolTableBuilder();
    for (ElfFile file : files) {
      SymbolSections.addTo(builder, file);
    }
    return builder.build();
  }

  /** Number of symbols: distinct addresses. */
  public int count() {
    return address.length;
  }

  /**
   * The symbol that an address lies in.
   *
   * @param vaddr in the file's own addresses
   * @return its index, or -1 when the address lies in no symbol
   */
  public int find(long vaddr) {
    int low = 0;
    int high = rangeStart.length - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      if (Long.compareUnsigned(rangeStart[middle], vaddr) <= 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return high < 0 ? -1 : rangeSymbol[high];
  }

  /** First address of a symbol. */
  public long address(int symbol) {
    return address[symbol];
  }

  /** Bytes of a symbol; up to the next symbol when the file states no size. */
  public long size(int symbol) {
    return end[symbol] - address[symbol];
  }

  /**
   * The name as linked (mangled), without a symbol version: {@code memcpy} for {@code
   * memcpy@@GLIBC_2.14}.
   */
  public String name(int symbol) {
    return name(strings[nameTable[symbol]], nameOffset[symbol]);
  }

  /** A name of a table without its version. */
  static String name(byte[] table, int start) {
    int length = nameLength(table, start, MAX_NAME_BYTES);
    for (int i = 1; i < length; i++) {
      if (table[start + i] == '@' && !isPlt(table, start + i, start + length)) {
        length = i;
      }
    }
    return new String(table, start, length, StandardCharsets.UTF_8);
  }

  /** Length of a zero-terminated name, at most {@code limit}. */
  static int nameLength(byte[] table, int start, int limit) {
    int stop = (int) Math.min(table.length, (long) start + limit);
    int i = start;
    while (i < stop && table[i] != 0) {
      i++;
    }
    return i - start;
  }

  private static boolean isPlt(byte[] table, int at, int end) {
    return end - at == 4 && table[at + 1] == 'p' && table[at + 2] == 'l' && table[at + 3] == 't';
  }
}
