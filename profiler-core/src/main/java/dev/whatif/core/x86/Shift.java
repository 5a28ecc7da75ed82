package dev.whatif.core.x86;

/** Shifts and rotations; the number is that of their encoding. */
public enum Shift {
  ROTATE_LEFT(0, 0),
  ROTATE_RIGHT(1, 0),
  LEFT(4, 1),
  RIGHT(5, 3),
  /** Copies of the sign come in from above. */
  SIGNED_RIGHT(7, 2);

  private final int number;
  private final int vexPrefix;

  Shift(int number, int vexPrefix) {
    this.number = number;
    this.vexPrefix = vexPrefix;
  }

  /** In the middle of a ModRM byte. */
  int number() {
    return number;
  }

  /** Which of shlx (66), sarx (f3) and shrx (f2) it is; 0 for those without. */
  int vexPrefix() {
    return vexPrefix;
  }
}
