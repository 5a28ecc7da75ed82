package dev.whatif.core.unwind;

import static dev.whatif.core.unwind.UnwindTableLayout.*;

import dev.whatif.core.elf.ByteCursor;
import dev.whatif.core.failure.BadDataException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** Collects rows in ascending order, keeps each distinct rule once, and lays out the bytes. */
final class UnwindTableWriter {

  /** 256 MiB of rows, ten times those of the largest libraries. */
  private static final int MAX_ROWS = 1 << 25;

  private static final int MAX_EXPRESSION = 0xffff;
  private static final int RULE_INTS = RULE_BYTES / Integer.BYTES;
  private static final int KINDS_AT = RULE_KINDS_OFFSET / Integer.BYTES;
  private static final int VALUES_AT = RULE_VALUES_OFFSET / Integer.BYTES;
  private static final long NONE = -1;

  private final String name;
  private final long base;
  private int[] rows = new int[1024];
  private int rowCount;
  private int[] rules = new int[64 * RULE_INTS];
  private int ruleCount = 1;
  private int[] ruleHash = new int[256];
  private byte[] expressions = new byte[256];
  // The begin is taken, so that 0 can mean "no further rules".
  private int expressionBytes = 4;
  private final Map<String, Integer> expressionAt = new HashMap<>();
  private final int[] scratch = new int[RULE_INTS];
  private long pendingEnd = NONE;
  private int mark;

  /**
   * An empty table.
   *
   * @param name of the file, for errors
   * @param base the file's address that offset 0 stands for
   */
  UnwindTableWriter(String name, long base) {
    this.name = name;
    this.base = base;
  }

  /** Begins the rows of a function that starts at or behind the end of the one before. */
  void begin(long start) {
    if (pendingEnd != NONE && Long.compareUnsigned(pendingEnd, start) < 0) {
      addRow((int) (pendingEnd - base), NO_RULE);
      pendingEnd = NONE;
    }
    mark = rowCount;
  }

  /** Ends the rows of a function. */
  void end(long end) {
    pendingEnd = end;
  }

  /** Forgets the rows since {@link #begin}. */
  void cancel() {
    rowCount = mark;
  }

  /** From here on this rule holds. */
  void row(long address, RegisterRules r, boolean signalFrame) {
    int flags = signalFrame ? FLAG_SIGNAL_FRAME : 0;
    if (r.kinds[Registers.RIP] == UNDEFINED) {
      flags |= FLAG_OUTERMOST;
    }
    int[] s = scratch;
    s[0] = r.cfaKind | r.cfaRegister << 8 | flags << 16;
    s[1] = r.cfaValue;
    s[2] = r.cfaSecond;
    s[3] = furtherRules(r);
    s[KINDS_AT] = 0;
    s[KINDS_AT + 1] = 0;
    for (int place = 0; place < RULE_REGISTERS; place++) {
      int register = registerAt(place);
      s[KINDS_AT + (place >> 2)] |= r.kinds[register] << ((place & 3) * 8);
      s[VALUES_AT + place] = r.values[register];
    }
    int rule = intern(s);
    int offset = (int) (address - base);
    if (rowCount > mark && rows[2 * rowCount - 2] == offset) {
      rowCount--;
    }
    if (rowCount == 0 || rows[2 * rowCount - 1] != rule) {
      addRow(offset, rule);
    }
  }

  /** Where an expression lies in the expression area. */
  int expression(MemorySegment bytes, ByteCursor where) {
    if (bytes.byteSize() > MAX_EXPRESSION) {
      throw where.malformed("an expression of " + bytes.byteSize() + " bytes");
    }
    return area(bytes.toArray(ValueLayout.JAVA_BYTE), (int) bytes.byteSize());
  }

  /** The finished bytes. */
  MemorySegment finish() {
    if (pendingEnd != NONE) {
      addRow((int) (pendingEnd - base), NO_RULE);
      pendingEnd = NONE;
    }
    long rowsBegin = HEADER_BYTES;
    long rulesBegin = rowsBegin + align((long) rowCount * ROW_BYTES);
    long expressionsBegin = rulesBegin + (long) ruleCount * RULE_BYTES;
    long size = expressionsBegin + align(expressionBytes);
    if (size > Integer.MAX_VALUE) {
      throw new BadDataException(name + ": call frame information of " + size + " bytes");
    }
    // Backed by longs, so that ints and longs in it are aligned.
    MemorySegment m = MemorySegment.ofArray(new long[(int) (size / Long.BYTES)]);
    m.set(ValueLayout.JAVA_INT, MAGIC_OFFSET, MAGIC);
    m.set(ValueLayout.JAVA_INT, VERSION_OFFSET, VERSION);
    m.set(ValueLayout.JAVA_LONG, BASE_OFFSET, base);
    m.set(ValueLayout.JAVA_INT, ROW_COUNT_OFFSET, rowCount);
    m.set(ValueLayout.JAVA_INT, RULE_COUNT_OFFSET, ruleCount);
    m.set(ValueLayout.JAVA_INT, ROWS_BEGIN_OFFSET, (int) rowsBegin);
    m.set(ValueLayout.JAVA_INT, RULES_BEGIN_OFFSET, (int) rulesBegin);
    m.set(ValueLayout.JAVA_INT, EXPRESSIONS_BEGIN_OFFSET, (int) expressionsBegin);
    m.set(ValueLayout.JAVA_INT, EXPRESSIONS_BYTES_OFFSET, expressionBytes);
    MemorySegment.copy(rows, 0, m, ValueLayout.JAVA_INT, rowsBegin, 2 * rowCount);
    MemorySegment.copy(rules, 0, m, ValueLayout.JAVA_INT, rulesBegin, ruleCount * RULE_INTS);
    MemorySegment.copy(expressions, 0, m, ValueLayout.JAVA_BYTE, expressionsBegin, expressionBytes);
    return m;
  }

  private static long align(long n) {
    return n + 7 & -8L;
  }

  private void addRow(int offset, int rule) {
    if (rowCount == MAX_ROWS) {
      throw new BadDataException(
          name + ": more than " + MAX_ROWS + " rows of call frame information");
    }
    if (2 * rowCount == rows.length) {
      rows = Arrays.copyOf(rows, rows.length * 2);
    }
    rows[2 * rowCount] = offset;
    rows[2 * rowCount + 1] = rule;
    rowCount++;
  }

  /** Rules of registers that have no place in a rule: seen in signal frames, rarely elsewhere. */
  private int furtherRules(RegisterRules r) {
    int count = 0;
    for (int register = 0; register < Registers.COUNT; register++) {
      if (isFurther(register) && r.kinds[register] != SAME) {
        count++;
      }
    }
    if (count == 0) {
      return 0;
    }
    byte[] bytes = new byte[count * MORE_BYTES];
    MemorySegment m = MemorySegment.ofArray(bytes);
    long at = 0;
    for (int register = 0; register < Registers.COUNT; register++) {
      if (isFurther(register) && r.kinds[register] != SAME) {
        m.set(ValueLayout.JAVA_BYTE, at + MORE_REGISTER_OFFSET, (byte) register);
        m.set(ValueLayout.JAVA_BYTE, at + MORE_KIND_OFFSET, r.kinds[register]);
        m.set(ValueLayout.JAVA_INT_UNALIGNED, at + MORE_VALUE_OFFSET, r.values[register]);
        at += MORE_BYTES;
      }
    }
    return area(bytes, count);
  }

  private static boolean isFurther(int register) {
    return switch (register) {
      case Registers.RIP, Registers.RSP, Registers.RBX, Registers.RBP, 12, 13, 14, 15 -> false;
      default -> true;
    };
  }

  /** Puts a 16-bit number and bytes into the expression area, each distinct pair once. */
  private int area(byte[] bytes, int number) {
    String key = number + ":" + new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1);
    Integer known = expressionAt.get(key);
    if (known != null) {
      return known;
    }
    int needed = expressionBytes + Short.BYTES + bytes.length;
    if (needed > expressions.length) {
      expressions = Arrays.copyOf(expressions, Math.max(needed, expressions.length * 2));
    }
    int at = expressionBytes;
    expressions[at] = (byte) number;
    expressions[at + 1] = (byte) (number >>> 8);
    System.arraycopy(bytes, 0, expressions, at + Short.BYTES, bytes.length);
    expressionBytes = needed;
    expressionAt.put(key, at);
    return at;
  }

  private int intern(int[] rule) {
    int mask = ruleHash.length - 1;
    int slot = hash(rule, 0) & mask;
    while (ruleHash[slot] != 0) {
      int candidate = ruleHash[slot] * RULE_INTS;
      if (Arrays.equals(rules, candidate, candidate + RULE_INTS, rule, 0, RULE_INTS)) {
        return ruleHash[slot];
      }
      slot = slot + 1 & mask;
    }
    if ((ruleCount + 1) * RULE_INTS > rules.length) {
      rules = Arrays.copyOf(rules, rules.length * 2);
    }
    System.arraycopy(rule, 0, rules, ruleCount * RULE_INTS, RULE_INTS);
    ruleHash[slot] = ruleCount;
    ruleCount++;
    if (ruleCount * 2 > ruleHash.length) {
      rehash();
    }
    return ruleCount - 1;
  }

  private void rehash() {
    ruleHash = new int[ruleHash.length * 2];
    int mask = ruleHash.length - 1;
    for (int rule = 1; rule < ruleCount; rule++) {
      int slot = hash(rules, rule * RULE_INTS) & mask;
      while (ruleHash[slot] != 0) {
        slot = slot + 1 & mask;
      }
      ruleHash[slot] = rule;
    }
  }

  private static int hash(int[] values, int from) {
    int h = 0;
    for (int i = 0; i < RULE_INTS; i++) {
      h = h * 31 + values[from + i];
    }
    h *= 0x9e3779b9;
    return h ^ h >>> 15;
  }
}
