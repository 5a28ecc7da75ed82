package dev.whatif.core.unwind;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The bytes from a thread's stack pointer upward, as {@code PERF_SAMPLE_STACK_USER} delivers them.
 *
 * <p>One object serves all samples: {@link #reset} points it at the next one. Confined to one
 * thread.
 */
public final class CapturedStack implements StackMemory {

  private long base;
  private long offset;
  private long length;
  private MemorySegment bytes = MemorySegment.NULL;

  /** A stack of no bytes, until it is {@link #reset}. */
  public CapturedStack() {}

  /**
   * Shows other bytes from now on.
   *
   * @param baseAddress the target's address of the first byte, usually its rsp
   * @param source where the copy lies; not copied again, must stay alive while this is read
   * @param sourceOffset of the first byte in {@code source}
   * @param byteCount how many were captured
   */
  public void reset(long baseAddress, MemorySegment source, long sourceOffset, long byteCount) {
    if (sourceOffset < 0 || byteCount < 0 || byteCount > source.byteSize() - sourceOffset) {
      throw new IndexOutOfBoundsException(
          "a stack of " + byteCount + " bytes at " + sourceOffset + " of " + source.byteSize());
    }
    base = baseAddress;
    bytes = source;
    offset = sourceOffset;
    length = byteCount;
  }

  @Override
  public boolean read(long address, long[] out, int index) {
    long at = address - base;
    if (at < 0 || at > length - Long.BYTES) {
      return false;
    }
    out[index] = bytes.get(ValueLayout.JAVA_LONG_UNALIGNED, offset + at);
    return true;
  }
}
