package dev.whatif.ebpf.verifier;

import org.jspecify.annotations.Nullable;

/**
 * A state that was seen at an instruction, for comparison with those that come later. One thread.
 */
final class Checkpoint {

  private final int index;
  private final MachineState state;
  private final int depth;

  /** Ways from here that have not been followed to their end. */
  int open = 1;

  /** How often another state was like this one, and how often not. */
  int hits;

  int misses;

  /** The earliest state that the end of a way from here was compared with before it was done. */
  private @Nullable Checkpoint loop;

  Checkpoint(int index, MachineState state) {
    this.index = index;
    this.state = state;
    this.depth = state.parent == null ? 0 : state.parent.depth + 1;
  }

  int index() {
    return index;
  }

  MachineState state() {
    return state;
  }

  /** Whether everything that can follow was looked at: what was asked for so far is all. */
  boolean isComplete() {
    return open == 0 && (loop == null || loop.isComplete());
  }

  /** A way through this ended because it was like one from an earlier state. */
  void dependsOn(Checkpoint earlier) {
    Checkpoint root = earlier.loop == null ? earlier : earlier.loop;
    if (root != this && depth > root.depth && (loop == null || loop.depth > root.depth)) {
      loop = root;
    }
  }
}
