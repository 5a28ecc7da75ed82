package dev.whatif.core.elf;

import dev.whatif.core.failure.BadDataException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Collects symbols in any order and makes a {@link SymbolTable} of them.
 *
 * <p>Of several symbols at one address the one survives that perf and gdb would show: one with a
 * size before one without, a global before a weak before an old before a local one, the fewest
 * leading underscores, the longest name. (Of old versions perf makes no difference and shows {@code
 * cfree} for glibc's free.) Confined to one thread.
 */
public final class SymbolTableBuilder {

  /** STB_LOCAL. */
  public static final int LOCAL = 0;

  /** Of a version that only programs linked long ago use: {@code cfree} at the place of free. */
  public static final int OLD = 1;

  /** STB_WEAK. */
  public static final int WEAK = 2;

  /** STB_GLOBAL and STB_GNU_UNIQUE. */
  public static final int GLOBAL = 3;

  // An address and the number of its symbol are sorted as one long.
  private static final int INDEX_BITS = 26;
  private static final long MAX_SPAN = 1L << (63 - INDEX_BITS);

  /** Names are compared up to here, so that a hostile table of equal long names stays cheap. */
  private static final int MAX_COMPARED_BYTES = 256;

  private final List<byte[]> strings = new ArrayList<>();
  private int count;
  private long[] address = new long[64];
  private long[] size = new long[64];
  private long[] limit = new long[64];
  private int[] nameOffset = new int[64];
  private byte[] nameTable = new byte[64];
  private byte[] binding = new byte[64];

  /** Without symbols. */
  public SymbolTableBuilder() {}

  /**
   * Registers zero-terminated names.
   *
   * @return what {@link #add} calls them by
   */
  public int strings(byte[] table) {
    if (strings.size() == Byte.MAX_VALUE) {
      throw new IllegalStateException("too many string tables");
    }
    strings.add(table);
    return strings.size() - 1;
  }

  /**
   * Adds a symbol.
   *
   * @param start its first address
   * @param bytes its size, 0 when unknown: it then ends where the next one begins
   * @param sectionEnd address it cannot reach beyond (of its section), -1 when unknown
   * @param symbolBinding {@link #LOCAL}, {@link #OLD}, {@link #WEAK} or {@link #GLOBAL}
   * @param table from {@link #strings}
   * @param name offset of its name there; an offset outside makes an empty name
   */
  public void add(long start, long bytes, long sectionEnd, int symbolBinding, int table, int name) {
    if (count == address.length) {
      grow();
    }
    address[count] = start;
    size[count] = bytes;
    limit[count] = sectionEnd;
    binding[count] = (byte) symbolBinding;
    nameTable[count] = (byte) table;
    nameOffset[count] = Math.clamp(name, 0, strings.get(table).length);
    count++;
  }

  /** The table of everything added. */
  public SymbolTable build() {
    int[] order = sortedBest();
    int n = order.length;
    long[] starts = new long[n];
    long[] ends = new long[n];
    int[] names = new int[n];
    byte[] tables = new byte[n];
    for (int i = 0; i < n; i++) {
      int s = order[i];
      starts[i] = address[s];
      names[i] = nameOffset[s];
      tables[i] = nameTable[s];
      long next = i + 1 < n ? address[order[i + 1]] : -1;
      ends[i] = endOf(s, next);
    }
    SymbolRanges ranges = new SymbolRanges(starts, ends);
    return new SymbolTable(
        starts,
        ends,
        strings.toArray(byte[][]::new),
        names,
        tables,
        ranges.starts(),
        ranges.symbols());
  }

  /** Every name of everything added. */
  FunctionNames buildNames() {
    SymbolTable table = build();
    long[] ends = new long[count];
    for (int s = 0; s < count; s++) {
      int same = table.find(address[s]);
      long next = same < 0 ? address[s] : table.address(same) + table.size(same);
      ends[s] = endOf(s, next);
    }
    return new FunctionNames(
        Arrays.copyOf(address, count),
        ends,
        strings.toArray(byte[][]::new),
        Arrays.copyOf(nameOffset, count),
        Arrays.copyOf(nameTable, count));
  }

  private long endOf(int s, long next) {
    long start = address[s];
    long end = size[s] == 0 ? next : start + size[s];
    if (Long.compareUnsigned(end, start) < 0) {
      end = next;
    }
    boolean limited = Long.compareUnsigned(limit[s], start) > 0;
    return limited && Long.compareUnsigned(end, limit[s]) > 0 ? limit[s] : end;
  }

  /** The symbols that survive, in the order of their addresses. */
  private int[] sortedBest() {
    if (count >= 1 << INDEX_BITS) {
      throw new BadDataException("a symbol table of " + count + " symbols");
    }
    long lowest = -1;
    for (int i = 0; i < count; i++) {
      if (Long.compareUnsigned(address[i], lowest) < 0) {
        lowest = address[i];
      }
    }
    long[] keys = new long[count];
    int kept = 0;
    for (int i = 0; i < count; i++) {
      long relative = address[i] - lowest;
      // No program spans 128 GiB: what lies beyond is damage.
      if (Long.compareUnsigned(relative, MAX_SPAN) < 0) {
        keys[kept++] = relative << INDEX_BITS | i;
      }
    }
    Arrays.sort(keys, 0, kept);
    int[] order = new int[kept];
    int n = 0;
    for (int k = 0; k < kept; k++) {
      int symbol = (int) keys[k] & (1 << INDEX_BITS) - 1;
      if (n > 0 && address[order[n - 1]] == address[symbol]) {
        if (isBetter(symbol, order[n - 1])) {
          order[n - 1] = symbol;
        }
      } else {
        order[n++] = symbol;
      }
    }
    return Arrays.copyOf(order, n);
  }

  private boolean isBetter(int a, int b) {
    int lengthA = nameLength(a);
    int lengthB = nameLength(b);
    if (lengthA == 0 || lengthB == 0) {
      return lengthA > 0 && lengthB == 0;
    }
    if (size[a] == 0 != (size[b] == 0)) {
      return size[a] != 0;
    }
    if (binding[a] != binding[b]) {
      return binding[a] > binding[b];
    }
    int underscores = underscores(a) - underscores(b);
    return underscores != 0 ? underscores < 0 : lengthA > lengthB;
  }

  private int nameLength(int s) {
    return SymbolTable.nameLength(strings.get(nameTable[s]), nameOffset[s], MAX_COMPARED_BYTES);
  }

  private int underscores(int s) {
    byte[] table = strings.get(nameTable[s]);
    int n = 0;
    while (n < 16 && nameOffset[s] + n < table.length && table[nameOffset[s] + n] == '_') {
      n++;
    }
    return n;
  }

  private void grow() {
    int capacity = count * 2;
    address = Arrays.copyOf(address, capacity);
    size = Arrays.copyOf(size, capacity);
    limit = Arrays.copyOf(limit, capacity);
    nameOffset = Arrays.copyOf(nameOffset, capacity);
    nameTable = Arrays.copyOf(nameTable, capacity);
    binding = Arrays.copyOf(binding, capacity);
  }
}
