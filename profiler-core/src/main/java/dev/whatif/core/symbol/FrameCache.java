package dev.whatif.core.symbol;

import dev.whatif.core.process.Mapping;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What addresses were resolved to, bounded: a set-associative table that forgets.
 *
 * <p>Safe for many threads without locks: an entry is immutable, and a lost race costs one lookup.
 * A mapping is compared by identity, so a new mapping at an old place never sees old answers.
 */
final class FrameCache {

  private static final int WAYS = 4;

  /** An answer. */
  private record Entry(Mapping mapping, long pc, boolean exact, List<SourceFrame> frames) {}

  private final @Nullable Entry[] slots;

  /** Room for this many answers, a power of two. */
  FrameCache(int capacity) {
    slots = new Entry[capacity];
  }

  @SuppressWarnings("ReferenceEquality")
  @Nullable List<SourceFrame> get(Mapping mapping, long pc, boolean exact) {
    int set = set(mapping, pc);
    for (int i = set; i < set + WAYS; i++) {
      Entry e = slots[i];
      if (e != null && e.pc == pc && e.mapping == mapping && e.exact == exact) {
        return e.frames;
      }
    }
    return null;
  }

  void put(Mapping mapping, long pc, boolean exact, List<SourceFrame> frames) {
    int set = set(mapping, pc);
    int at = set + (int) (pc >>> 1 & WAYS - 1);
    for (int i = set; i < set + WAYS; i++) {
      if (slots[i] == null) {
        at = i;
        break;
      }
    }
    slots[at] = new Entry(mapping, pc, exact, frames);
  }

  private int set(Mapping mapping, long pc) {
    long mixed = (pc ^ System.identityHashCode(mapping)) * 0x9e37_79b9_7f4a_7c15L;
    return (int) (mixed >>> 32) & slots.length - 1 & -WAYS;
  }
}
