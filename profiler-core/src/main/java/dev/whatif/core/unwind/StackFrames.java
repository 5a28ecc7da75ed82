package dev.whatif.core.unwind;

/**
 * The frames of one stack, the leaf first. Reused from sample to sample. Confined to one thread.
 */
public final class StackFrames {

  /** Frames kept unless told otherwise. */
  public static final int DEFAULT_MAX_DEPTH = 512;

  private static final byte EXACT = 1;
  private static final byte GUESSED = 2;
  private static final byte SIGNAL = 4;

  private final long[] pcs;
  private final byte[] flags;
  private int depth;
  private UnwindEnd end = UnwindEnd.BOTTOM;

  /** Room for {@value #DEFAULT_MAX_DEPTH} frames. */
  public StackFrames() {
    this(DEFAULT_MAX_DEPTH);
  }

  /** Room for so many frames; a deeper stack ends {@link UnwindEnd#TOO_DEEP}. */
  public StackFrames(int maxDepth) {
    pcs = new long[maxDepth];
    flags = new byte[maxDepth];
  }

  /** Number of frames. */
  public int depth() {
    return depth;
  }

  /** The most frames it holds. */
  public int maxDepth() {
    return pcs.length;
  }

  /**
   * The address where a frame is executing: the instruction that runs next in the leaf and where a
   * signal interrupted, a return address elsewhere.
   */
  public long pc(int i) {
    return pcs[java.util.Objects.checkIndex(i, depth)];
  }

  /**
   * Whether {@link #pc} is the instruction itself (leaf, interrupted by a signal, or a signal
   * trampoline) and not the return address behind a call: symbols of a return address are looked up
   * at pc - 1.
   */
  public boolean exact(int i) {
    return (flags[java.util.Objects.checkIndex(i, depth)] & EXACT) != 0;
  }

  /**
   * Whether the frame was found by a frame pointer or by a guess, not by call frame information.
   */
  public boolean guessed(int i) {
    return (flags[java.util.Objects.checkIndex(i, depth)] & GUESSED) != 0;
  }

  /** Whether it is the trampoline through which a signal handler returns. */
  public boolean signalTrampoline(int i) {
    return (flags[java.util.Objects.checkIndex(i, depth)] & SIGNAL) != 0;
  }

  /** Whether any frame was guessed. */
  public boolean anyGuessed() {
    for (int i = 0; i < depth; i++) {
      if ((flags[i] & GUESSED) != 0) {
        return true;
      }
    }
    return false;
  }

  /** Why there are no more frames. */
  public UnwindEnd end() {
    return end;
  }

  void clear() {
    depth = 0;
    end = UnwindEnd.BOTTOM;
  }

  boolean add(long pc, boolean exact, boolean guessed) {
    if (depth == pcs.length) {
      return false;
    }
    pcs[depth] = pc;
    flags[depth] = (byte) ((exact ? EXACT : 0) | (guessed ? GUESSED : 0));
    depth++;
    return true;
  }

  void markSignalTrampoline() {
    // Its address is not behind a call: the kernel has put it there as the handler's return
    // address.
    flags[depth - 1] |= SIGNAL | EXACT;
  }

  void end(UnwindEnd reason) {
    end = reason;
  }
}
