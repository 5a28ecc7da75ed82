package dev.whatif.ebpf.relocation;

import dev.whatif.ebpf.btf.BtfKind;
import dev.whatif.ebpf.btf.BtfType;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Whether a type is in the target as it is in the object, as far as the object knows it (libbpf's
 * TYPE_MATCHES).
 *
 * <ul>
 *   <li>Typedefs and modifiers do not count; names do, without their flavour.
 *   <li>Integers have the same size and sign; arrays the same length; functions the same number of
 *       parameters.
 *   <li>Every member of the object's struct is in the target's, wherever; every enumerator is in
 *       the target's enum, whatever its value, and both have the same size.
 *   <li>Behind a pointer a struct needs only its name, and a forward declaration will do.
 * </ul>
 */
final class TypeMatch {

  private static final int MAX_DEPTH = TypeComparison.MAX_DEPTH;

  private final Effort effort;

  TypeMatch(Effort effort) {
    this.effort = effort;
  }

  boolean matches(TypeAt local, TypeAt target) {
    return matches(local, target, false, MAX_DEPTH);
  }

  private boolean matches(TypeAt local, TypeAt target, boolean pointed, int level) {
    if (level <= 0) {
      throw TypeComparison.tooDeep(local, target);
    }
    TypeAt l = local;
    TypeAt t = target;
    boolean behindPointer = pointed;
    for (int depth = 0; depth < MAX_DEPTH; depth++) {
      effort.step();
      l = l.resolved();
      t = t.resolved();
      if (!sameName(l.name(), t.name())) {
        return false;
      }
      BtfType mine = l.type();
      BtfType theirs = t.type();
      switch (mine) {
        case BtfType.Void v -> {
          return t.kind() == BtfKind.VOID;
        }
        case BtfType.Forward f -> {
          return (theirs instanceof BtfType.Forward other && f.union() == other.union())
              || (behindPointer && TypeComparison.declares(f, t.kind()));
        }
        case BtfType.Struct s -> {
          if (behindPointer) {
            return l.kind() == t.kind()
                || (theirs instanceof BtfType.Forward f && TypeComparison.declares(f, l.kind()));
          }
          return l.kind() == t.kind() && membersMatch(l, t, level);
        }
        case BtfType.Enum e -> {
          return enumsMatch(l, t);
        }
        case BtfType.Enum64 e -> {
          return enumsMatch(l, t);
        }
        case BtfType.Int i -> {
          return theirs instanceof BtfType.Int other
              && i.size() == other.size()
              && i.isSigned() == other.isSigned();
        }
        case BtfType.Pointer p -> {
          if (!(theirs instanceof BtfType.Pointer other)) {
            return false;
          }
          behindPointer = true;
          l = l.other(p.target());
          t = t.other(other.target());
        }
        case BtfType.Array a -> {
          if (!(theirs instanceof BtfType.Array other) || a.length() != other.length()) {
            return false;
          }
          l = l.other(a.element());
          t = t.other(other.element());
        }
        case BtfType.FuncProto p -> {
          if (!(theirs instanceof BtfType.FuncProto other)
              || !parametersMatch(l, p, t, other, behindPointer, level)) {
            return false;
          }
          l = l.other(p.result());
          t = t.other(other.result());
        }
        case BtfType other -> {
          return false;
        }
      }
    }
    throw TypeComparison.tooDeep(local, target);
  }

  private boolean parametersMatch(
      TypeAt l,
      BtfType.FuncProto local,
      TypeAt t,
      BtfType.FuncProto target,
      boolean pointed,
      int level) {
    List<BtfType.Parameter> mine = local.parameters();
    List<BtfType.Parameter> theirs = target.parameters();
    if (mine.size() != theirs.size()) {
      return false;
    }
    for (int i = 0; i < mine.size(); i++) {
      TypeAt parameter = l.other(mine.get(i).type());
      if (!matches(parameter, t.other(theirs.get(i).type()), pointed, level - 1)) {
        return false;
      }
    }
    return true;
  }

  private boolean membersMatch(TypeAt local, TypeAt target, int level) {
    List<BtfType.Member> theirs = target.members();
    if (local.members().size() > theirs.size()) {
      return false;
    }
    for (BtfType.Member mine : local.members()) {
      boolean found = false;
      for (int i = 0; i < theirs.size() && !found; i++) {
        effort.step();
        found =
            sameName(mine.name(), theirs.get(i).name())
                && matches(
                    local.other(mine.type()), target.other(theirs.get(i).type()), false, level - 1);
      }
      if (!found) {
        return false;
      }
    }
    return true;
  }

  private boolean enumsMatch(TypeAt local, TypeAt target) {
    if (!target.isEnum()
        || local.size() != target.size()
        || local.enumerators().size() > target.enumerators().size()) {
      return false;
    }
    Set<String> names = new HashSet<>();
    for (BtfType.Enumerator value : target.enumerators()) {
      effort.step();
      names.add(EssentialName.of(value.name()));
    }
    for (BtfType.Enumerator value : local.enumerators()) {
      effort.step();
      if (!names.contains(EssentialName.of(value.name()))) {
        return false;
      }
    }
    return true;
  }

  private static boolean sameName(String local, String target) {
    return EssentialName.same(local, target);
  }
}
