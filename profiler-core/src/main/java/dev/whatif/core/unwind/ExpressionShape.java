package dev.whatif.core.unwind;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/**
 * Recognises the few DWARF expressions that nearly all real files consist of, so that they become
 * rules that need no evaluator.
 *
 * @param kind CFA_MEMORY, CFA_REGISTER or CFA_PLT
 * @param register the base register
 * @param value first offset
 * @param second see {@link UnwindTableLayout}
 */
record ExpressionShape(int kind, int register, int value, int second) {

  private static final int BREG0 = 0x70;
  private static final int BREG16 = 0x80;
  private static final int DEREF = 0x06;
  private static final int PLUS_UCONST = 0x23;
  private static final int PLUS = 0x22;
  private static final int LIT0 = 0x30;
  private static final int LIT15 = 0x3f;
  private static final int AND = 0x1a;
  private static final int GE = 0x2a;
  private static final int SHL = 0x24;

  /** The shape of an expression that computes a CFA; null when it is none of the known ones. */
  static @Nullable ExpressionShape of(MemorySegment bytes) {
    Scan scan = new Scan(bytes);
    int op = scan.next();
    if (op < BREG0 || op >= BREG16) {
      return null;
    }
    int register = op - BREG0;
    int value = scan.sleb();
    if (scan.failed) {
      return null;
    }
    if (scan.atEnd()) {
      return new ExpressionShape(UnwindTableLayout.CFA_REGISTER, register, value, 0);
    }
    op = scan.next();
    if (op == DEREF) {
      if (scan.atEnd()) {
        return new ExpressionShape(UnwindTableLayout.CFA_MEMORY, register, value, 0);
      }
      int more = scan.next() == PLUS_UCONST ? scan.uleb() : -1;
      return more >= 0 && !scan.failed && scan.atEnd()
          ? new ExpressionShape(UnwindTableLayout.CFA_MEMORY, register, value, more)
          : null;
    }
    return op == BREG16 ? plt(scan, register, value) : null;
  }

  /** breg7 8, breg16 0, lit15, and, litN, ge, lit3, shl, plus. */
  private static @Nullable ExpressionShape plt(Scan scan, int register, int value) {
    if (scan.sleb() != 0 || scan.next() != LIT15 || scan.next() != AND) {
      return null;
    }
    int threshold = scan.next() - LIT0;
    boolean matches =
        threshold >= 0
            && threshold < 16
            && scan.next() == GE
            && scan.next() == LIT0 + 3
            && scan.next() == SHL
            && scan.next() == PLUS
            && scan.atEnd();
    return matches
        ? new ExpressionShape(UnwindTableLayout.CFA_PLT, register, value, threshold)
        : null;
  }

  /** Reads without exceptions: what is damaged is simply no known shape. */
  private static final class Scan {
    private final MemorySegment bytes;
    private long at;
    private boolean failed;

    Scan(MemorySegment bytes) {
      this.bytes = bytes;
    }

    boolean atEnd() {
      return at == bytes.byteSize();
    }

    int next() {
      if (atEnd()) {
        failed = true;
        return -1;
      }
      return bytes.get(ValueLayout.JAVA_BYTE, at++) & 0xff;
    }

    int uleb() {
      int result = 0;
      for (int shift = 0; shift < 28; shift += 7) {
        int b = next();
        result |= (b & 0x7f) << shift;
        if ((b & 0x80) == 0) {
          return result;
        }
      }
      failed = true;
      return -1;
    }

    int sleb() {
      int result = 0;
      for (int shift = 0; shift < 28; shift += 7) {
        int b = next();
        result |= (b & 0x7f) << shift;
        if ((b & 0x80) == 0) {
          return (b & 0x40) != 0 ? result | (-1 << (shift + 7)) : result;
        }
      }
      failed = true;
      return -1;
    }
  }
}
