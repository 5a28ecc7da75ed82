package dev.whatif.ebpf.verifier;

import dev.whatif.ebpf.isa.Register;
import dev.whatif.ebpf.verifier.RegisterState.Pointer;
import dev.whatif.ebpf.verifier.RegisterState.Scalar;
import dev.whatif.ebpf.verifier.RegisterState.Unwritten;
import java.util.HashMap;
import java.util.Map;

/**
 * Whether what was found out from one state holds from another, too ({@code states_equal} in
 * kernel/bpf/verifier.c). Used once, by one thread.
 */
final class Equivalence {

  /** How closely states are compared. */
  enum Level {
    /** What nobody asked for does not count. */
    NEEDED,
    /** All that may be read counts: it is not known yet what will be asked for. */
    RANGES,
    /** Nothing may differ. */
    EXACT
  }

  private final Liveness liveness;
  private final Level level;
  private final Map<Integer, Integer> toNew = new HashMap<>(8);
  private final Map<Integer, Integer> toOld = new HashMap<>(8);
  private int fresh = -1;

  private Equivalence(Liveness liveness, Level level) {
    this.liveness = liveness;
    this.level = level;
  }

  /**
   * Whether everything that the new state may do is something that the old one may.
   *
   * @param index where both are
   */
  static boolean holds(
      Liveness liveness, MachineState old, MachineState now, int index, Level level) {
    if (old.depth() != now.depth() || old.references().size() != now.references().size()) {
      return false;
    }
    return new Equivalence(liveness, level).states(old, now, index);
  }

  private boolean states(MachineState old, MachineState now, int index) {
    for (int i = 0; i < old.references().size(); i++) {
      if (!sameId(old.references().get(i).id(), now.references().get(i).id())) {
        return false;
      }
    }
    for (int f = old.depth() - 1; f >= 0; f--) {
      int at = f == old.depth() - 1 ? index : old.frame(f + 1).calledFrom;
      if (!frames(old.frame(f), now.frame(f), at)) {
        return false;
      }
    }
    return true;
  }

  private boolean frames(StackFrame old, StackFrame now, int at) {
    if (old.function != now.function
        || old.calledFrom != now.calledFrom
        || old.callback != now.callback
        || old.callbacks > now.callbacks) {
      return false;
    }
    for (int r = 0; r < Register.R10.number(); r++) {
      if (liveness.isLive(at, r) && !registers(old.get(r), now.get(r))) {
        return false;
      }
    }
    int slots = level == Level.EXACT ? Math.max(old.slots(), now.slots()) : old.slots();
    for (int s = 0; s < slots; s++) {
      if (!slots(old.slot(s), now.slot(s))) {
        return false;
      }
    }
    return true;
  }

  private boolean registers(RegisterState old, RegisterState now) {
    return switch (old) {
      case Unwritten _ -> level != Level.EXACT || now == old;
      case Scalar a -> now instanceof Scalar b && numbers(a, b);
      case Pointer a -> now instanceof Pointer b && pointers(a, b);
    };
  }

  private boolean numbers(Scalar old, Scalar now) {
    if (level == Level.NEEDED && !old.demand().isRaised()) {
      return true;
    }
    if (level == Level.EXACT
        ? !old.range().equals(now.range())
        : !old.range().includes(now.range())) {
      return false;
    }
    return old.id() == 0
        || old.delta() == now.delta() && sameId(old.id(), now.id() == 0 ? fresh-- : now.id());
  }

  private boolean pointers(Pointer old, Pointer now) {
    if (old.offset() != now.offset()
        || old.nullable() != now.nullable()
        || !sameObject(old.to(), now.to())) {
      return false;
    }
    boolean exact = level == Level.EXACT || old.to() instanceof Provenance.Stack;
    boolean within =
        exact ? old.variable().equals(now.variable()) : old.variable().includes(now.variable());
    boolean reach = level == Level.EXACT ? old.reach() == now.reach() : old.reach() <= now.reach();
    return within
        && reach
        && (old.id() == 0 ? now.id() == 0 : now.id() != 0 && sameId(old.id(), now.id()));
  }

  private boolean sameObject(Provenance old, Provenance now) {
    if (old instanceof Provenance.Memory(int bytes, int reference)
        && now instanceof Provenance.Memory(int others, int other)
        && reference != 0
        && other != 0) {
      return bytes == others && sameId(reference, other);
    }
    return old.equals(now);
  }

  private boolean slots(StackSlot old, StackSlot now) {
    if (level == Level.EXACT) {
      return old.saved() == now.saved()
          && old.zero() == now.zero()
          && old.written() == now.written()
          && registers(old.value(), now.value());
    }
    if (level == Level.NEEDED && !old.read().isRaised()) {
      return true;
    }
    if ((old.zero() & ~zeros(now)) != 0) {
      return false;
    }
    if (old.saved() == 0) {
      return true;
    }
    if (now.saved() == old.saved()) {
      return registers(old.value(), now.value());
    }
    if (!(old.value() instanceof Scalar number) || now.isSavedPointer()) {
      return false;
    }
    ScalarRange range =
        now.isZero(0, old.savedBytes())
            ? ScalarRange.ZERO
            : ScalarRange.loaded(old.savedBytes(), false);
    return numbers(number, Scalar.of(range));
  }

  private static int zeros(StackSlot slot) {
    boolean zero = slot.value() instanceof Scalar number && number.range().isZero();
    return slot.zero() | (zero ? slot.saved() : 0);
  }

  private boolean sameId(int old, int now) {
    Integer mapped = toNew.putIfAbsent(old, now);
    if (mapped != null) {
      return mapped == now;
    }
    return toOld.putIfAbsent(now, old) == null;
  }
}
