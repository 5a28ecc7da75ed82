package dev.whatif.ebpf.verifier;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whether anything on the way to the program's end needed to know a value: its range, or that it
 * was written at all. Two states that differ only in values that nobody asked for are the same.
 *
 * <p>The kernel finds out by walking back over the instructions ({@code mark_chain_precision}).
 * Here a value carries its demand with it wherever it is copied, and knows those that it was
 * computed from: raising one raises all of them. Branches share the demands of what they have in
 * common, so a demand may be raised by a sibling; that costs pruning, never soundness. One thread.
 */
final class Demand {

  private boolean raised;
  private final @Nullable Demand first;
  private final @Nullable Demand second;
  private @Nullable List<Demand> more;

  /** Of a value that was computed from nothing. */
  Demand() {
    this(null, null);
  }

  /** Of a value that was computed from one or two others. */
  Demand(@Nullable Demand first, @Nullable Demand second) {
    this.first = first;
    this.second = second;
  }

  boolean isRaised() {
    return raised;
  }

  /** Somebody needs the value, and so everything it was made of. */
  void raise() {
    if (raised) {
      return;
    }
    raised = true;
    if (first == null && second == null && more == null) {
      return;
    }
    ArrayDeque<Demand> open = new ArrayDeque<>();
    open.push(this);
    while (!open.isEmpty()) {
      Demand next = open.pop();
      reach(next.first, open);
      reach(next.second, open);
      if (next.more != null) {
        next.more.forEach(d -> reach(d, open));
      }
    }
  }

  /** From now on, a demand for this is one for another value, too. */
  void alsoRaises(Demand other) {
    if (other == this) {
      return;
    }
    if (raised) {
      other.raise();
      return;
    }
    if (more == null) {
      more = new ArrayList<>(1);
    }
    more.add(other);
  }

  private static void reach(@Nullable Demand demand, ArrayDeque<Demand> open) {
    if (demand != null && !demand.raised) {
      demand.raised = true;
      open.push(demand);
    }
  }
}
