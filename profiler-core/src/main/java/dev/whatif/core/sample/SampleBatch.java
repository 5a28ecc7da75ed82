package dev.whatif.core.sample;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Samples and process changes in order, handed from the drain thread to the writer and back: a
 * fixed number of them goes round, so that neither thread allocates.
 *
 * <pre>
 *   sample   time | pid tid | shape | exact bits (depth/64 rounded up) | addresses, innermost first
 *   change   -1 - index in changes
 *   shape    bits 0-15 depth, 16-31 kernel frames, 32 in kernel, 33 truncated
 * </pre>
 */
final class SampleBatch {

  private static final int WORDS = 1 << 16;

  long[] words = new long[WORDS];
  int used;
  int samples;
  final List<ProcessChange> changes = new ArrayList<>();

  /** Shape of a sample in one word. */
  static long shape(int depth, int kernelFrames, boolean inKernel, boolean truncated) {
    return depth
        | ((long) kernelFrames << 16)
        | (inKernel ? 1L << 32 : 0)
        | (truncated ? 1L << 33 : 0);
  }

  static int depth(long shape) {
    return (int) (shape & 0xffff);
  }

  static int kernelFrames(long shape) {
    return (int) (shape >> 16 & 0xffff);
  }

  static boolean inKernel(long shape) {
    return (shape >> 32 & 1) != 0;
  }

  static boolean truncated(long shape) {
    return (shape >> 33 & 1) != 0;
  }

  /** Words of the bits that say which addresses are exact. */
  static int bitWords(int depth) {
    return (depth + 63) >> 6;
  }

  boolean isEmpty() {
    return used == 0;
  }

  /** Whether it should go before another sample is added. */
  boolean isFull() {
    return used > WORDS - 2048;
  }

  void add(ProcessChange change) {
    room(1);
    words[used++] = -1L - changes.size();
    changes.add(change);
  }

  /** Makes room for a sample and returns where it begins. */
  int begin(int depth) {
    int size = 3 + bitWords(depth) + depth;
    room(size);
    int at = used;
    used += size;
    samples++;
    return at;
  }

  private void room(int size) {
    if (used + size > words.length) {
      words = Arrays.copyOf(words, words.length * 2);
    }
  }

  void clear() {
    used = 0;
    samples = 0;
    changes.clear();
  }
}
