package dev.whatif.core.sample;

import java.util.Arrays;

/**
 * The addresses of one sample, innermost first: kernel frames, then user frames. Reused; confined
 * to the drain thread.
 */
final class SampleStack {

  private static final int MOST = 1024;

  private final long[] addresses = new long[MOST];
  private final long[] exact = new long[SampleBatch.bitWords(MOST)];
  private int depth;
  private int kernelFrames;
  private boolean truncated;

  void clear() {
    depth = 0;
    kernelFrames = 0;
    truncated = false;
    Arrays.fill(exact, 0);
  }

  /**
   * Adds the next frame outward.
   *
   * @param isExact whether it is the place itself and not a return address
   */
  void add(long address, boolean isExact) {
    if (depth == MOST) {
      truncated = true;
      return;
    }
    addresses[depth] = address;
    if (isExact) {
      exact[depth >> 6] |= 1L << depth;
    }
    depth++;
  }

  void addKernel(long address, boolean isExact) {
    add(address, isExact);
    kernelFrames = depth;
  }

  /** There are more frames that are not known. */
  void cut() {
    truncated = true;
  }

  int depth() {
    return depth;
  }

  boolean isTruncated() {
    return truncated;
  }

  /** Appends it as a sample. */
  void appendTo(SampleBatch batch, long time, int pid, int tid, boolean inKernel) {
    int at = batch.begin(depth);
    long[] words = batch.words;
    words[at] = time;
    words[at + 1] = (long) pid << 32 | Integer.toUnsignedLong(tid);
    words[at + 2] = SampleBatch.shape(depth, kernelFrames, inKernel, truncated);
    int bits = SampleBatch.bitWords(depth);
    System.arraycopy(exact, 0, words, at + 3, bits);
    System.arraycopy(addresses, 0, words, at + 3 + bits, depth);
  }
}
