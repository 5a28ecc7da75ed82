package dev.whatif.core.place;

/** How large the pieces are that code is divided into. */
public enum Level {
  /** A line of a source file: the innermost one, in the inlined function where there is one. */
  LINE,
  /** The function that a debugger would call the frame's: with what is inlined into it. */
  FUNCTION,
  /** The innermost function by the source: the inlined one where there is one. */
  INLINED
}
