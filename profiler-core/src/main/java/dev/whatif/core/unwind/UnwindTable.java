package dev.whatif.core.unwind;

import static dev.whatif.core.unwind.UnwindTableLayout.*;

import dev.whatif.core.elf.ElfFile;
import dev.whatif.core.elf.Segment;
import dev.whatif.core.failure.BadDataException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The call frame information of one file, run through once: for every address of its code the rule
 * that leads to the caller.
 *
 * <p>Building takes time linear in the call frame information and reads every byte of it once;
 * nothing of the file is kept. Immutable, safe for use by several threads. Addresses are the file's
 * own (see {@link ElfFile#addressOf}).
 *
 * <p>Damage: a function whose description is damaged is left out and counted, the others are kept;
 * a damaged length of an entry loses what follows it in its section.
 */
public final class UnwindTable {

  private static final long MAX_SPAN = 1L << 32;

  private final MemorySegment bytes;
  private final long base;
  private final int rowCount;
  private final long rowsBegin;
  private final long rulesBegin;
  private final long expressionsBegin;
  private final int functions;
  private final int damaged;
  private final int outside;
  private final @Nullable String firstDamage;

  private UnwindTable(
      MemorySegment bytes, int functions, int damaged, int outside, @Nullable String firstDamage) {
    this.bytes = bytes;
    base = bytes.get(ValueLayout.JAVA_LONG, BASE_OFFSET);
    rowCount = bytes.get(ValueLayout.JAVA_INT, ROW_COUNT_OFFSET);
    rowsBegin = bytes.get(ValueLayout.JAVA_INT, ROWS_BEGIN_OFFSET);
    rulesBegin = bytes.get(ValueLayout.JAVA_INT, RULES_BEGIN_OFFSET);
    expressionsBegin = bytes.get(ValueLayout.JAVA_INT, EXPRESSIONS_BEGIN_OFFSET);
    this.functions = functions;
    this.damaged = damaged;
    this.outside = outside;
    this.firstDamage = firstDamage;
  }

  /** A table over bytes that a {@link UnwindTableWriter} laid out. */
  static UnwindTable over(MemorySegment bytes) {
    return new UnwindTable(bytes, 0, 0, 0, null);
  }

  /** The table of a file without a separate debug file. */
  public static UnwindTable of(ElfFile elf) {
    return of(elf, null);
  }

  /**
   * The table of a file.
   *
   * <p>Functions come from {@code .eh_frame}; those that only {@code .debug_frame} describes are
   * added. A file without either gives an empty table.
   *
   * @param elf the file that is mapped
   * @param debug its separate debug file, for {@code .debug_frame}; null for none
   * @throws BadDataException when its code spans more than 4 GiB or its section headers are damaged
   */
  public static UnwindTable of(ElfFile elf, @Nullable ElfFile debug) {
    long low = -1;
    long high = 0;
    for (Segment s : elf.segments()) {
      if (s.type() == Segment.PT_LOAD && (s.flags() & Segment.PF_X) != 0 && s.memorySize() > 0) {
        long end = s.address() + s.memorySize();
        low = Long.compareUnsigned(s.address(), low) < 0 ? s.address() : low;
        high = Long.compareUnsigned(end, high) > 0 ? end : high;
      }
    }
    if (high == 0) {
      return new UnwindTable(new UnwindTableWriter(elf.name(), 0).finish(), 0, 0, 0, null);
    }
    if (Long.compareUnsigned(high - low, MAX_SPAN) >= 0) {
      throw new BadDataException(
          "%s: its code spans 0x%x to 0x%x, more than the 4 GiB of an unwind table"
              .formatted(elf.name(), low, high));
    }
    return new Build(elf, debug, low, high).table();
  }

  /**
   * The rule for an address, {@link UnwindTableLayout#NO_RULE} when there is none. A binary search;
   * 15 steps in a large library.
   *
   * @param address in the file's own addresses
   */
  public int find(long address) {
    long offset = address - base;
    if (offset < 0 || offset >= MAX_SPAN || rowCount == 0) {
      return NO_RULE;
    }
    int key = (int) offset + Integer.MIN_VALUE;
    int low = 0;
    int high = rowCount - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      if (rowPc(middle) + Integer.MIN_VALUE <= key) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return high < 0 ? NO_RULE : rowRule(high);
  }

  /** The bytes, as {@link UnwindTableLayout} describes them; read-only. */
  public MemorySegment bytes() {
    return bytes.asReadOnly();
  }

  /** Memory it takes. */
  public long byteSize() {
    return bytes.byteSize();
  }

  /** Number of rows. */
  public int rows() {
    return rowCount;
  }

  /** Number of distinct rules, the empty one included. */
  public int rules() {
    return bytes.get(ValueLayout.JAVA_INT, RULE_COUNT_OFFSET);
  }

  /** Number of function descriptions that went into it. */
  public int functions() {
    return functions;
  }

  /** Number of entries that were left out because they are damaged. */
  public int damagedFunctions() {
    return damaged;
  }

  /** Number of descriptions left out because their code is not loaded, as linkers leave behind. */
  public int unloadedFunctions() {
    return outside;
  }

  /** What was wrong with the first damaged entry. */
  public Optional<String> firstDamage() {
    return Optional.ofNullable(firstDamage);
  }

  /** Address of a row, in the file's own addresses. */
  public long rowAddress(int row) {
    return base + (rowPc(row) & 0xffff_ffffL);
  }

  /** Rule of a row. */
  public int rowRule(int row) {
    return bytes.get(ValueLayout.JAVA_INT, rowsBegin + (long) row * ROW_BYTES + ROW_RULE_OFFSET);
  }

  /** CFA_* of a rule. */
  public int cfaKind(int rule) {
    return bytes.get(ValueLayout.JAVA_BYTE, at(rule, RULE_CFA_KIND_OFFSET));
  }

  /** Base register of a rule's CFA. */
  public int cfaRegister(int rule) {
    return bytes.get(ValueLayout.JAVA_BYTE, at(rule, RULE_CFA_REGISTER_OFFSET));
  }

  /** First number of a rule's CFA. */
  public int cfaValue(int rule) {
    return bytes.get(ValueLayout.JAVA_INT, at(rule, RULE_CFA_VALUE_OFFSET));
  }

  /** Second number of a rule's CFA. */
  public int cfaSecond(int rule) {
    return bytes.get(ValueLayout.JAVA_INT, at(rule, RULE_CFA_SECOND_OFFSET));
  }

  /** FLAG_* of a rule. */
  public int flags(int rule) {
    return bytes.get(ValueLayout.JAVA_SHORT, at(rule, RULE_FLAGS_OFFSET));
  }

  /** Kinds of all registers with a place in the rule: place n in byte n. */
  long kinds(int rule) {
    return bytes.get(ValueLayout.JAVA_LONG, at(rule, RULE_KINDS_OFFSET));
  }

  /** Kind of the register at a place of a rule. */
  public int kind(int rule, int place) {
    return bytes.get(ValueLayout.JAVA_BYTE, at(rule, RULE_KINDS_OFFSET) + place);
  }

  /** Value of the register at a place of a rule. */
  public int value(int rule, int place) {
    return bytes.get(
        ValueLayout.JAVA_INT, at(rule, RULE_VALUES_OFFSET) + (long) place * Integer.BYTES);
  }

  /** Number of further register rules. */
  int moreCount(int rule) {
    int more = bytes.get(ValueLayout.JAVA_INT, at(rule, RULE_MORE_OFFSET));
    return more == 0 ? 0 : u16(expressionsBegin + more);
  }

  int moreRegister(int rule, int i) {
    return bytes.get(ValueLayout.JAVA_BYTE, more(rule, i) + MORE_REGISTER_OFFSET);
  }

  int moreKind(int rule, int i) {
    return bytes.get(ValueLayout.JAVA_BYTE, more(rule, i) + MORE_KIND_OFFSET);
  }

  int moreValue(int rule, int i) {
    return bytes.get(ValueLayout.JAVA_INT_UNALIGNED, more(rule, i) + MORE_VALUE_OFFSET);
  }

  /** Offset in {@link #raw} of the first byte of an expression. */
  long expressionBegin(int value) {
    return expressionsBegin + value + Short.BYTES;
  }

  int expressionLength(int value) {
    return u16(expressionsBegin + value);
  }

  MemorySegment raw() {
    return bytes;
  }

  private long more(int rule, int i) {
    int more = bytes.get(ValueLayout.JAVA_INT, at(rule, RULE_MORE_OFFSET));
    return expressionsBegin + more + Short.BYTES + (long) i * MORE_BYTES;
  }

  private int u16(long offset) {
    return bytes.get(ValueLayout.JAVA_SHORT_UNALIGNED, offset) & 0xffff;
  }

  private long at(int rule, int field) {
    return rulesBegin + (long) rule * RULE_BYTES + field;
  }

  private int rowPc(int row) {
    return bytes.get(ValueLayout.JAVA_INT, rowsBegin + (long) row * ROW_BYTES + ROW_PC_OFFSET);
  }

  /** What is needed while it is built. */
  private static final class Build {
    private final long low;
    private final long high;
    private final UnwindTableWriter out;
    private final FrameDescriptions[] sources;
    private int outside;
    private int functions;

    Build(ElfFile elf, @Nullable ElfFile debug, long low, long high) {
      this.low = low;
      this.high = high;
      out = new UnwindTableWriter(elf.name(), low);
      Optional<FrameDescriptions> debugFrame = CallFrameSections.debugFrame(elf);
      if (debugFrame.isEmpty() && debug != null) {
        debugFrame = CallFrameSections.debugFrame(debug);
      }
      sources =
          java.util.stream.Stream.of(CallFrameSections.ehFrame(elf), debugFrame)
              .flatMap(Optional::stream)
              .toArray(FrameDescriptions[]::new);
    }

    UnwindTable table() {
      long[][] order = new long[sources.length][];
      for (int s = 0; s < sources.length; s++) {
        order[s] = sorted(sources[s]);
      }
      if (sources.length == 2) {
        order[1] = withoutCovered(order[0], order[1]);
      }
      merge(order);
      int damaged = 0;
      String first = null;
      MemorySegment finished = out.finish();
      for (FrameDescriptions f : sources) {
        damaged += f.damaged();
        first = first == null ? f.firstDamage() : first;
      }
      return new UnwindTable(finished, functions, damaged, outside, first);
    }

    /** Offset from low in the upper half, index of the description in the lower half. */
    private long[] sorted(FrameDescriptions f) {
      long[] keys = new long[f.count()];
      int n = 0;
      for (int i = 0; i < f.count(); i++) {
        long offset = f.start(i) - low;
        long end = offset + f.length(i);
        if (offset < 0 || f.length(i) <= 0 || end < offset || end > high - low) {
          outside++;
        } else {
          keys[n++] = offset << 32 | i;
        }
      }
      keys = Arrays.copyOf(keys, n);
      // As unsigned: the upper half is an unsigned offset.
      for (int i = 0; i < n; i++) {
        keys[i] ^= Long.MIN_VALUE;
      }
      Arrays.sort(keys);
      for (int i = 0; i < n; i++) {
        keys[i] ^= Long.MIN_VALUE;
      }
      return keys;
    }

    private long[] withoutCovered(long[] first, long[] second) {
      long[] kept = new long[second.length];
      int n = 0;
      int at = 0;
      long coveredTo = 0;
      for (long key : second) {
        long start = key >>> 32;
        long end = start + sources[1].length((int) key);
        while (at < first.length && first[at] >>> 32 <= start) {
          coveredTo = Math.max(coveredTo, (first[at] >>> 32) + sources[0].length((int) first[at]));
          at++;
        }
        boolean nextBegins = at < first.length && first[at] >>> 32 < end;
        if (start >= coveredTo && !nextBegins) {
          kept[n++] = key;
        }
      }
      return Arrays.copyOf(kept, n);
    }

    private void merge(long[][] order) {
      CallFrameProgram[] programs = new CallFrameProgram[sources.length];
      int[] at = new int[sources.length];
      for (int s = 0; s < sources.length; s++) {
        programs[s] = new CallFrameProgram(sources[s], out);
      }
      while (true) {
        int s = smallest(order, at);
        if (s < 0) {
          return;
        }
        int i = (int) order[s][at[s]];
        at[s]++;
        long start = sources[s].start(i);
        long end = start + sources[s].length(i);
        int next = smallest(order, at);
        if (next >= 0) {
          // Overlapping descriptions: the one that begins last holds, as in a search by begin.
          end = Math.min(end - low, order[next][at[next]] >>> 32) + low;
        }
        if (end != start) {
          function(programs[s], sources[s], i, start, end);
        }
      }
    }

    private void function(
        CallFrameProgram program, FrameDescriptions source, int i, long start, long end) {
      out.begin(start);
      try {
        program.run(i, end);
        out.end(end);
        functions++;
      } catch (BadDataException e) {
        out.cancel();
        source.damage(e);
      }
    }

    private static int smallest(long[][] order, int[] at) {
      int best = -1;
      for (int s = 0; s < order.length; s++) {
        if (at[s] < order[s].length
            && (best < 0 || Long.compareUnsigned(order[s][at[s]], order[best][at[best]]) < 0)) {
          best = s;
        }
      }
      return best;
    }
  }
}
