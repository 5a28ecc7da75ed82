package dev.whatif.ebpf.jit;

import dev.whatif.ebpf.isa.Immediate;
import dev.whatif.ebpf.isa.Operand;
import dev.whatif.ebpf.isa.Register;
import dev.whatif.ebpf.isa.Width;
import org.jspecify.annotations.Nullable;

/** What the machine's flags tell of, so that it need not be asked again. */
final class Flags {

  /**
   * A comparison.
   *
   * @param b null for a constant
   */
  private record Compared(Width width, Register a, @Nullable Register b, int constant) {

    static Compared of(Width width, Register a, Operand b) {
      return switch (b) {
        case Register r -> new Compared(width, a, r, 0);
        case Immediate(int value) -> new Compared(width, a, null, value);
      };
    }
  }

  /** Whose value the zero flag tells of, or null; and its width. */
  private @Nullable Register result;

  private Width width = Width.W64;
  private @Nullable Compared compared;

  /** The flags tell of nothing any more. */
  void clear() {
    result = null;
    compared = null;
  }

  /** The zero flag tells of what has just been computed in a register's place. */
  void set(Register register, Width resultWidth) {
    result = register;
    width = resultWidth;
    compared = null;
  }

  /** What lies in two places, or in one and a constant, has been compared. */
  void setCompared(Width comparedWidth, Register a, Operand b) {
    result = null;
    compared = Compared.of(comparedWidth, a, b);
  }

  /** A register's place has got another value, without a change of the flags. */
  void changed(Register register) {
    if (result == register) {
      result = null;
    }
    if (compared != null && (compared.a() == register || compared.b() == register)) {
      compared = null;
    }
  }

  /** Whether they tell of anything. */
  boolean areOfUse() {
    return result != null || compared != null;
  }

  /** Whether the zero flag tells of what lies in a register's place. */
  boolean tellOf(Register register, Width asked) {
    // an upper half of 0 changes nothing
    return result == register && (width == asked || width == Width.W32);
  }

  /** Whether they are those of this comparison of what lies in places. */
  boolean areOf(Width comparedWidth, Register a, Operand b) {
    return compared != null && compared.equals(Compared.of(comparedWidth, a, b));
  }
}
