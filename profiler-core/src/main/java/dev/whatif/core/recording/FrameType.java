package dev.whatif.core.recording;

import java.util.List;

/**
 * What kind of code a stack frame is. The ids are those of async-profiler: jfrconv takes the number
 * and not its text.
 */
public enum FrameType {
  /** Bytecode in the interpreter. */
  INTERPRETED(0, "Interpreted"),
  /** Bytecode compiled by C2, or other code made at run time. */
  JIT_COMPILED(1, "JIT compiled"),
  /** Inlined into the frame below. */
  INLINED(2, "Inlined"),
  /** C and everything else from a file. */
  NATIVE(3, "Native"),
  /** C++. */
  CPP(4, "C++"),
  /** The kernel. */
  KERNEL(5, "Kernel"),
  /** Bytecode compiled by C1. */
  C1_COMPILED(6, "C1 compiled");

  /** In the order of their ids. */
  static final List<FrameType> ALL = List.of(values());

  private final byte id;
  private final String text;

  FrameType(int id, String text) {
    this.id = (byte) id;
    this.text = text;
  }

  /** The number in the recording, 0 to 6. */
  public byte id() {
    return id;
  }

  /** What JFR calls it, for example {@code JIT compiled}. */
  public String text() {
    return text;
  }

  /** The type of a text; {@link #NATIVE} for one that is unknown. */
  public static FrameType of(String text) {
    for (FrameType type : ALL) {
      if (type.text.equals(text)) {
        return type;
      }
    }
    return NATIVE;
  }
}
