package dev.whatif.ebpf.verifier;

import java.util.ArrayDeque;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * The states that were seen, by instruction: a way ends where it comes to one from which everything
 * was found good ({@code is_state_visited} in kernel/bpf/verifier.c). The numbers are the kernel's:
 * they say how often it is worth remembering a state. One thread.
 */
final class Visits {

  private static final int JUMPS_APART = 2;
  private static final int STEPS_APART = 8;
  private static final int JUMPS_IN_LOOP = 20;
  private static final int STEPS_IN_LOOP = 100;
  private static final int PATIENCE = 3;
  private static final int PATIENCE_AT_CALLBACKS = 64;

  /**
   * What comparing states may cost, in steps of a few nanoseconds: some seconds in all. The kernel
   * has no such limit, and takes its time.
   */
  private static final long MOST_EFFORT = 1_000_000_000;

  private static final int EFFORT_OF_COMPARISON = 20;

  private final Liveness liveness;

  /** The latest first: it is most like what comes. */
  private final @Nullable ArrayDeque<Checkpoint>[] seen;

  private long effort;
  private int jumpsBefore;
  private int stepsBefore;

  @SuppressWarnings({"unchecked", "rawtypes"}) // arrays of generics
  Visits(Liveness liveness, int instructions) {
    this.liveness = liveness;
    seen = new ArrayDeque[instructions];
  }

  /**
   * Whether a state is like one seen before; otherwise it may be remembered.
   *
   * @param callback whether the instruction calls a helper that calls back
   * @param steps instructions followed so far
   * @param jumps those among them that jump
   * @throws Fault when the program may run in a circle
   */
  boolean isKnown(MachineState state, int index, boolean callback, int steps, int jumps) {
    boolean remember =
        callback || jumps - jumpsBefore >= JUMPS_APART && steps - stepsBefore >= STEPS_APART;
    ArrayDeque<Checkpoint> here = at(index);
    for (Iterator<Checkpoint> all = here.iterator(); all.hasNext(); ) {
      Checkpoint old = all.next();
      if (old.open > 0) {
        if (callback) {
          if (isLike(old, state, Equivalence.Level.RANGES)) {
            return closeLoop(old, state);
          }
        } else if (isLike(old, state, Equivalence.Level.EXACT)) {
          throw new Fault(
              "the loop comes back to where it was, with nothing changed: it may never end",
              "count something up to a constant in it");
        } else if (jumps - jumpsBefore < JUMPS_IN_LOOP && steps - stepsBefore < STEPS_IN_LOOP) {
          remember = false;
        }
      } else if (old.isComplete()) {
        if (isLike(old, state, Equivalence.Level.NEEDED)) {
          old.hits++;
          Inheritance.pass(liveness, old.state(), state, index, false);
          return true;
        }
      } else if (isLike(old, state, Equivalence.Level.RANGES)) {
        return closeLoop(old, state);
      }
      old.misses += remember ? 1 : 0;
      int patience = callback ? PATIENCE_AT_CALLBACKS : PATIENCE;
      if (old.misses > old.hits * patience + patience) {
        all.remove(); // unlikely to be of use
      }
    }
    if (remember) {
      jumpsBefore = jumps;
      stepsBefore = steps;
      remember(state, index);
    }
    return false;
  }

  /** A way was followed to its end, or to where another had been. */
  static void finish(MachineState state) {
    for (Checkpoint c = state.parent; c != null; c = c.state().parent) {
      if (--c.open > 0) {
        return;
      }
    }
  }

  private boolean isLike(Checkpoint old, MachineState state, Equivalence.Level level) {
    spend(EFFORT_OF_COMPARISON);
    return Equivalence.holds(liveness, old.state(), state, old.index(), level);
  }

  private void spend(int steps) {
    effort += steps;
    if (effort > MOST_EFFORT) {
      throw new Fault(
          "the program has so many states that comparing them takes too long",
          "make loops shorter, or move the body of one into a function of its own");
    }
  }

  private boolean closeLoop(Checkpoint old, MachineState state) {
    old.hits++;
    Inheritance.pass(liveness, old.state(), state, old.index(), true);
    for (Checkpoint c = state.parent; c != null; c = c.state().parent) {
      c.dependsOn(old);
      spend(1);
    }
    return true;
  }

  private void remember(MachineState state, int index) {
    Checkpoint checkpoint = new Checkpoint(index, state.copy());
    at(index).addFirst(checkpoint);
    state.parent = checkpoint;
  }

  private ArrayDeque<Checkpoint> at(int index) {
    ArrayDeque<Checkpoint> here = seen[index];
    if (here == null) {
      here = new ArrayDeque<>(4);
      seen[index] = here;
    }
    return here;
  }
}
