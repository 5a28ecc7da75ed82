package dev.whatif.ebpf.relocation;

import dev.whatif.core.failure.UnavailableException;
import dev.whatif.ebpf.btf.BtfType;
import dev.whatif.ebpf.relocation.AccessPath.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Finds in a type of the target the field that a path leads to in the object's own types.
 *
 * <p>Members are found by name, wherever they lie in anonymous structs and unions, and must be of a
 * compatible type; arrays must be long enough.
 */
final class PathSearch {

  private final AccessPath local;
  private final TypeAt candidate;
  private final TypeComparison types;
  private final Effort effort;
  private final List<Step> steps = new ArrayList<>();
  private int depth;
  private long bits;

  /** The type that the last step leads to. */
  private TypeAt next;

  private PathSearch(AccessPath local, TypeAt candidate, Effort effort) {
    this.local = local;
    this.candidate = candidate;
    this.effort = effort;
    this.types = new TypeComparison(effort);
    this.next = candidate;
  }

  /** The same field in a candidate, or null when the candidate does not have it. */
  static @Nullable AccessPath find(AccessPath local, TypeAt candidate, Effort effort) {
    return new PathSearch(local, candidate, effort).find();
  }

  /** The same enumerator in a candidate, or null. */
  static @Nullable AccessPath enumerator(AccessPath local, TypeAt candidate) {
    TypeAt type = candidate.resolved();
    String wanted = Objects.requireNonNull(local.last().name());
    List<BtfType.Enumerator> values = type.enumerators();
    for (int i = 0; i < values.size(); i++) {
      String name = values.get(i).name();
      if (EssentialName.same(name, wanted)) {
        return new AccessPath(candidate, List.of(new Step(type, i, name)), 0);
      }
    }
    return null;
  }

  private @Nullable AccessPath find() {
    for (int i = 0; i < local.steps().size(); i++) {
      Step step = local.steps().get(i);
      TypeAt type = next.resolved();
      boolean found = step.name() == null ? element(step, type, i > 0) : member(step, type);
      if (!found) {
        return null;
      }
      if (bits > AccessPath.MAX_BITS) {
        throw tooLarge("is more than 512 MiB away from it");
      }
    }
    return new AccessPath(candidate, List.copyOf(steps), bits);
  }

  private boolean element(Step step, TypeAt type, boolean inArray) {
    TypeAt element = type;
    if (inArray) {
      BtfType.Array array = type.array();
      if (array == null
          || (step.index() >= array.length() && !AccessPath.isFlexible(steps.getLast(), array))) {
        return false;
      }
      element = type.other(array.element()).resolved();
    }
    deeper();
    steps.add(new Step(element, step.index(), null));
    bits += AccessPath.elementBits(element, step.index());
    next = element;
    return true;
  }

  private boolean member(Step wanted, TypeAt in) {
    TypeAt struct = in.resolved();
    List<BtfType.Member> members = struct.members();
    for (int i = 0; i < members.size(); i++) {
      effort.step();
      BtfType.Member member = members.get(i);
      long offset = Integer.toUnsignedLong(member.bitOffset());
      if (member.name().isEmpty()) {
        deeper();
        bits += offset;
        if (member(wanted, struct.other(member.type()))) {
          return true;
        }
        bits -= offset;
        depth--;
      } else if (member.name().equals(wanted.name())) {
        deeper();
        bits += offset;
        steps.add(new Step(struct, i, member.name()));
        next = struct.other(member.type());
        if (types.fieldsCompatible(wanted.type().other(wanted.member().type()), next)) {
          return true;
        }
        steps.removeLast();
        bits -= offset;
        depth--;
        return false;
      }
    }
    return false;
  }

  private void deeper() {
    if (++depth > AccessPath.MAX_LENGTH) {
      throw tooLarge("lies more than " + AccessPath.MAX_LENGTH + " levels deep in it");
    }
  }

  private UnavailableException tooLarge(String how) {
    return new UnavailableException(
        candidate.side().btf().origin()
            + ": "
            + candidate.label()
            + " cannot be searched for "
            + local.label()
            + ", which "
            + how);
  }
}
