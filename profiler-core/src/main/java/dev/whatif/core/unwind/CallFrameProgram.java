package dev.whatif.core.unwind;

import static dev.whatif.core.unwind.UnwindTableLayout.AT_CFA;
import static dev.whatif.core.unwind.UnwindTableLayout.AT_EXPRESSION;
import static dev.whatif.core.unwind.UnwindTableLayout.AT_REGISTER;
import static dev.whatif.core.unwind.UnwindTableLayout.CFA_EXPRESSION;
import static dev.whatif.core.unwind.UnwindTableLayout.CFA_REGISTER;
import static dev.whatif.core.unwind.UnwindTableLayout.IN_REGISTER;
import static dev.whatif.core.unwind.UnwindTableLayout.IS_CFA;
import static dev.whatif.core.unwind.UnwindTableLayout.IS_EXPRESSION;
import static dev.whatif.core.unwind.UnwindTableLayout.SAME;
import static dev.whatif.core.unwind.UnwindTableLayout.UNDEFINED;

import dev.whatif.core.elf.ByteCursor;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Runs call frame programs (DWARF 5, section 6.4.2) and hands every row they make to an {@link
 * UnwindTableWriter}.
 *
 * <p>Work is linear in the bytes of the programs: the common program of a CIE is run once and its
 * result copied.
 */
final class CallFrameProgram {

  /** Compilers nest two or three deep; a hostile program may not fill the memory. */
  private static final int MAX_REMEMBERED = 64;

  private final FrameDescriptions frames;
  private final ByteCursor c;
  private final UnwindTableWriter out;
  private final Map<CommonInformation, @Nullable RegisterRules> initials = new HashMap<>();
  private final List<RegisterRules> remembered = new ArrayList<>();
  private final RegisterRules rules = new RegisterRules();
  private int depth;

  CallFrameProgram(FrameDescriptions frames, UnwindTableWriter out) {
    this.frames = frames;
    this.c = frames.section();
    this.out = out;
  }

  /**
   * Writes the rows of one function.
   *
   * @param i index of its description
   * @param end where its rows must end, at the latest at the next function
   * @throws dev.whatif.core.failure.BadDataException when the program is damaged; rows may have
   *     been written
   */
  void run(int i, long end) {
    CommonInformation common = frames.common(i);
    RegisterRules initial = initialOf(common);
    rules.copyFrom(initial);
    depth = 0;
    long last =
        execute(common, frames.program(i), frames.programEnd(i), initial, frames.start(i), end);
    if (Long.compareUnsigned(last, end) < 0) {
      out.row(last, rules, common.signalFrame());
    }
  }

  private RegisterRules initialOf(CommonInformation common) {
    RegisterRules known = initials.get(common);
    if (known == null) {
      if (initials.containsKey(common)) {
        throw c.malformed("an FDE of a CIE with a damaged program");
      }
      // Tried once, not again for each of its FDEs.
      initials.put(common, null);
      rules.clear();
      depth = 0;
      execute(common, common.begin(), common.end(), new RegisterRules(), 0, 0);
      known = new RegisterRules();
      known.copyFrom(rules);
      initials.put(common, known);
    }
    return known;
  }

  private long execute(
      CommonInformation common,
      long begin,
      long programEnd,
      RegisterRules initial,
      long start,
      long end) {
    long location = start;
    c.seek(begin);
    while (c.position() < programEnd) {
      int op = c.u8();
      long next = location;
      switch (op >>> 6) {
        case 1 -> next = location + (op & 0x3f) * common.codeFactor();
        case 2 -> offset(common, op & 0x3f, c.uleb());
        case 3 -> restore(op & 0x3f, initial);
        default -> next = extended(common, op, initial, location);
      }
      if (c.position() > programEnd) {
        throw c.malformed("a call frame program that is longer than its length");
      }
      if (next != location) {
        if (Long.compareUnsigned(next, location) < 0) {
          throw c.malformed("a call frame program that goes back");
        }
        if (Long.compareUnsigned(location, end) < 0) {
          out.row(location, rules, common.signalFrame());
        }
        location = next;
      }
    }
    return location;
  }

  /** Opcodes without an operand in the low bits; returns the location after it. */
  private long extended(CommonInformation common, int op, RegisterRules initial, long location) {
    switch (op) {
      case 0x00 -> {
        // DW_CFA_nop
      }
      case 0x01 -> { // DW_CFA_set_loc
        return PointerEncoding.read(
            c, common.pointerEncoding(), frames.sectionAddress(), frames.dataBase());
      }
      case 0x02 -> { // DW_CFA_advance_loc1
        return location + c.u8() * common.codeFactor();
      }
      case 0x03 -> { // DW_CFA_advance_loc2
        return location + c.u16() * common.codeFactor();
      }
      case 0x04 -> { // DW_CFA_advance_loc4
        return location + c.u32() * common.codeFactor();
      }
      case 0x1d -> { // DW_CFA_MIPS_advance_loc8
        return location + c.u64() * common.codeFactor();
      }
      case 0x05 -> offset(common, c.uleb(), c.uleb()); // DW_CFA_offset_extended
      case 0x06 -> restore(c.uleb(), initial); // DW_CFA_restore_extended
      case 0x07 -> set(c.uleb(), UNDEFINED, 0); // DW_CFA_undefined
      case 0x08 -> set(c.uleb(), SAME, 0); // DW_CFA_same_value
      case 0x09 -> { // DW_CFA_register
        long register = c.uleb();
        set(register, IN_REGISTER, register(c.uleb()));
      }
      case 0x0a -> remember();
      case 0x0b -> recall();
      case 0x0c -> rules.cfa(CFA_REGISTER, register(c.uleb()), narrow(c.uleb()), 0);
      case 0x0d -> rules.cfa(CFA_REGISTER, register(c.uleb()), rules.cfaValue, 0);
      case 0x0e -> cfaOffset(c.uleb());
      case 0x0f -> cfaExpression(); // DW_CFA_def_cfa_expression
      case 0x10 -> expression(c.uleb(), AT_EXPRESSION); // DW_CFA_expression
      case 0x11 -> offset(common, c.uleb(), c.sleb()); // DW_CFA_offset_extended_sf
      case 0x12 -> // DW_CFA_def_cfa_sf
          rules.cfa(CFA_REGISTER, register(c.uleb()), factored(common, c.sleb()), 0);
      case 0x13 -> cfaOffset(factored(common, c.sleb())); // DW_CFA_def_cfa_offset_sf
      case 0x14 -> set(c.uleb(), IS_CFA, factored(common, c.uleb())); // DW_CFA_val_offset
      case 0x15 -> set(c.uleb(), IS_CFA, factored(common, c.sleb())); // DW_CFA_val_offset_sf
      case 0x16 -> expression(c.uleb(), IS_EXPRESSION); // DW_CFA_val_expression
      case 0x2e -> c.uleb(); // DW_CFA_GNU_args_size: matters to landing pads only
      case 0x2f -> // DW_CFA_GNU_negative_offset_extended
          offset(common, c.uleb(), -c.uleb());
      default -> throw c.malformed("unknown call frame opcode 0x" + Integer.toHexString(op));
    }
    return location;
  }

  private void offset(CommonInformation common, long register, long factoredOffset) {
    set(register, AT_CFA, factored(common, factoredOffset));
  }

  private void set(long register, int kind, int value) {
    if (register < 0 || register > 0xffff) {
      throw c.malformed("register number " + register);
    }
    // Vector, flag and segment registers never lead to a caller.
    if (register < Registers.COUNT) {
      rules.set((int) register, kind, value);
    }
  }

  private void restore(long register, RegisterRules initial) {
    if (register >= 0 && register < Registers.COUNT) {
      rules.restore((int) register, initial);
    }
  }

  private void remember() {
    if (depth == MAX_REMEMBERED) {
      throw c.malformed("more than " + MAX_REMEMBERED + " remembered states");
    }
    if (depth == remembered.size()) {
      remembered.add(new RegisterRules());
    }
    remembered.get(depth++).copyFrom(rules);
  }

  private void recall() {
    if (depth == 0) {
      throw c.malformed("DW_CFA_restore_state without a remembered state");
    }
    rules.copyFrom(remembered.get(--depth));
  }

  private void cfaOffset(long value) {
    if (rules.cfaKind != CFA_REGISTER) {
      throw c.malformed("an offset for a CFA that is no register");
    }
    rules.cfa(CFA_REGISTER, rules.cfaRegister, narrow(value), 0);
  }

  private void cfaExpression() {
    MemorySegment bytes = c.take(c.uleb());
    ExpressionShape shape = ExpressionShape.of(bytes);
    if (shape == null) {
      rules.cfa(CFA_EXPRESSION, 0, out.expression(bytes, c), 0);
    } else {
      rules.cfa(shape.kind(), shape.register(), shape.value(), shape.second());
    }
  }

  private void expression(long register, int kind) {
    MemorySegment bytes = c.take(c.uleb());
    ExpressionShape shape = kind == AT_EXPRESSION ? ExpressionShape.of(bytes) : null;
    if (shape != null && shape.kind() == CFA_REGISTER && shape.value() == shape.value() << 8 >> 8) {
      set(register, AT_REGISTER, shape.value() << 8 | shape.register());
    } else {
      set(register, kind, out.expression(bytes, c));
    }
  }

  private int register(long number) {
    if (number < 0 || number >= Registers.COUNT) {
      throw c.malformed("register number " + number);
    }
    return (int) number;
  }

  private int factored(CommonInformation common, long value) {
    long product = value * common.dataFactor();
    if (Math.multiplyHigh(value, common.dataFactor()) != product >> 63) {
      throw c.malformed("an offset out of range");
    }
    return narrow(product);
  }

  private int narrow(long value) {
    if (value != (int) value) {
      throw c.malformed("offset " + value + " out of range");
    }
    return (int) value;
  }
}
