package dev.whatif.ebpf.verifier;

import dev.whatif.ebpf.isa.Condition;
import dev.whatif.ebpf.verifier.RegisterState.Pointer;

/**
 * What a comparison of a pointer into a packet with the packet's end proves ({@code
 * try_match_pkt_pointers} and {@code find_good_pkt_pointers} in kernel/bpf/verifier.c).
 */
final class PacketReach {

  /** kernel, include/linux/filter.h, MAX_PACKET_OFF. */
  private static final int MAX_OFFSET = 0xffff;

  private PacketReach() {}

  static void learn(
      MachineState state,
      Condition condition,
      RegisterState left,
      RegisterState right,
      boolean taken) {
    if (!(left instanceof Pointer a) || !(right instanceof Pointer b)) {
      return;
    }
    Condition holds = taken ? condition : opposite(condition);
    if (isBelow(a, b)) {
      prove(state, a, holds);
    } else if (isBelow(b, a)) {
      prove(state, b, mirrored(holds));
    }
  }

  /** Whether a points into what begins before b, and b is where that ends. */
  private static boolean isBelow(Pointer a, Pointer b) {
    return a.to() == Provenance.Single.PACKET && b.to() == Provenance.Single.PACKET_END
        || a.to() == Provenance.Single.PACKET_META
            && b.to() == Provenance.Single.PACKET
            && b.offset() == 0
            && b.variable().isZero();
  }

  /** Given {@code pointer holds end}. */
  private static void prove(MachineState state, Pointer pointer, Condition holds) {
    boolean strictly = holds == Condition.LESS;
    if (!strictly && holds != Condition.LESS_OR_EQUAL) {
      return;
    }
    if (pointer.offset() < 0 || pointer.offset() == 0 && !strictly) {
      return;
    }
    long most = pointer.variable().umax();
    if (Long.compareUnsigned(most, MAX_OFFSET) > 0 || most + pointer.offset() > MAX_OFFSET) {
      return;
    }
    int reach = pointer.offset() + (strictly ? 1 : 0);
    state.replaceAll(s ->
        s instanceof Pointer p
                && p.to() == pointer.to()
                && p.id() == pointer.id()
                && p.reach() < reach
            ? p.reaching(reach)
            : s);
  }

  private static Condition opposite(Condition condition) {
    return switch (condition) {
      case GREATER -> Condition.LESS_OR_EQUAL;
      case GREATER_OR_EQUAL -> Condition.LESS;
      case LESS -> Condition.GREATER_OR_EQUAL;
      case LESS_OR_EQUAL -> Condition.GREATER;
      default -> Condition.NOT_EQUAL; // proves nothing
    };
  }

  private static Condition mirrored(Condition condition) {
    return switch (condition) {
      case GREATER -> Condition.LESS;
      case GREATER_OR_EQUAL -> Condition.LESS_OR_EQUAL;
      case LESS -> Condition.GREATER;
      case LESS_OR_EQUAL -> Condition.GREATER_OR_EQUAL;
      default -> Condition.NOT_EQUAL;
    };
  }
}
