package dev.whatif.core.unwind;

import java.util.Arrays;

/**
 * One row of the call frame table while it is being computed: the CFA and the rule of each register
 * (kinds and values of {@link UnwindTableLayout}).
 */
final class RegisterRules {

  int cfaKind;
  int cfaRegister;
  int cfaValue;
  int cfaSecond;
  final byte[] kinds = new byte[Registers.COUNT];
  final int[] values = new int[Registers.COUNT];

  void clear() {
    cfaKind = UnwindTableLayout.CFA_NONE;
    cfaRegister = 0;
    cfaValue = 0;
    cfaSecond = 0;
    Arrays.fill(kinds, (byte) UnwindTableLayout.SAME);
    Arrays.fill(values, 0);
  }

  void copyFrom(RegisterRules other) {
    cfaKind = other.cfaKind;
    cfaRegister = other.cfaRegister;
    cfaValue = other.cfaValue;
    cfaSecond = other.cfaSecond;
    System.arraycopy(other.kinds, 0, kinds, 0, kinds.length);
    System.arraycopy(other.values, 0, values, 0, values.length);
  }

  void cfa(int kind, int register, int value, int second) {
    cfaKind = kind;
    cfaRegister = register;
    cfaValue = value;
    cfaSecond = second;
  }

  void set(int register, int kind, int value) {
    kinds[register] = (byte) kind;
    values[register] = value;
  }

  void restore(int register, RegisterRules from) {
    kinds[register] = from.kinds[register];
    values[register] = from.values[register];
  }
}
