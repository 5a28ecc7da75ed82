package dev.whatif.core.sample;

/** How much of a stack is captured. */
public enum StackMode {
  /**
   * Registers and a copy of the stack's top, unwound by the unwind tables of the executables: whole
   * stacks of any compiled code.
   */
  UNWIND,
  /**
   * The kernel follows frame pointers: cheap, and right only for code that keeps them ({@code
   * -fno-omit-frame-pointer}).
   */
  FP,
  /** Only the place itself. */
  LEAF;

  /** As users write it. */
  @Override
  public String toString() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }
}
