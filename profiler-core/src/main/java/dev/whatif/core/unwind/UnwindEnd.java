package dev.whatif.core.unwind;

/** Why an unwound stack ends where it ends. */
public enum UnwindEnd {
  /** The outermost frame was reached: the stack is whole. */
  BOTTOM,
  /** The next frame lies in memory that was not captured: capture more bytes. */
  STACK_NOT_CAPTURED,
  /** Code without call frame information, and its frame could not be guessed. */
  NO_TABLE,
  /** The rule needs a register that the call frame information says is lost. */
  REGISTER_LOST,
  /** The stack or the call frame information contradicts itself. */
  DAMAGED,
  /** More frames than asked for. */
  TOO_DEEP;

  /** Whether frames are missing. */
  public boolean truncated() {
    return this != BOTTOM;
  }
}
