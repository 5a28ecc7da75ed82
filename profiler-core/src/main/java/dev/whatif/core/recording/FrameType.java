package dev.whatif.core.recording;

/**
 * What kind of code a stack frame is. The ids are those of async-profiler: jfrconv takes the number
 * and not its text.
 */
public enum FrameType {
  /** Bytecode in the interpreter. */
  INTERPRETED,
  /** Bytecode compiled by C2, or other code made at run time. */
  JIT_COMPILED,
  /** Inlined into the frame below. */
  INLINED,
  /** C and everything else from a file. */
  NATIVE,
  /** C++. */
  CPP,
  /** The kernel. */
  KERNEL,
  /** Bytecode compiled by C1. */
  C1_COMPILED;

  private static final FrameType[] ALL = values();

  /** The number in the recording, 0 to 6. */
  public byte id() {
    return (byte) ordinal();
  }

  /** The type of a number; {@link #NATIVE} for one that is unknown. */
  public static FrameType of(int id) {
    return id >= 0 && id < ALL.length ? ALL[id] : NATIVE;
  }
}
