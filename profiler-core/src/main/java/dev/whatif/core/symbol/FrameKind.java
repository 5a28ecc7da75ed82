package dev.whatif.core.symbol;

/** What kind of code a frame is; the recording maps it to the frame types of JFR. */
public enum FrameKind {
  /** Compiled code of C, Rust, Go, assembler or an unknown language. */
  NATIVE,
  /** Compiled C++ code, known by its mangled name. */
  CPP,
  /**
   * A function that the compiler put into another one: a frame without an activation of its own.
   */
  INLINED,
  /** The kernel, its modules and BPF programs. */
  KERNEL,
  /** Code made at run time that a perf map names. */
  JIT
}
