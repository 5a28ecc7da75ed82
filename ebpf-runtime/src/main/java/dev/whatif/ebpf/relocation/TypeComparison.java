package dev.whatif.ebpf.relocation;

import dev.whatif.core.failure.UnavailableException;
import dev.whatif.ebpf.btf.BtfKind;
import dev.whatif.ebpf.btf.BtfType;
import java.util.List;

/**
 * Whether types of two BTFs may stand for each other: loosely, since all versions of a kernel's
 * types must pass. The strict question is {@link TypeMatch}.
 */
final class TypeComparison {

  /** How deep libbpf follows pointers, arrays and functions (relo_core.c). */
  static final int MAX_DEPTH = 32;

  private final Effort effort;

  TypeComparison(Effort effort) {
    this.effort = effort;
  }

  /**
   * Whether a field may have become this one: structs and unions are all alike, integers differ in
   * nothing that matters, enums need one name.
   */
  boolean fieldsCompatible(TypeAt local, TypeAt target) {
    TypeAt l = local.resolved();
    TypeAt t = target.resolved();
    for (int depth = 0; depth < MAX_DEPTH * 2; depth++) {
      effort.step();
      if (l.isStruct() && t.isStruct()) {
        return true;
      }
      if (!TypeAt.compatible(l.kind(), t.kind())) {
        return false;
      }
      switch (l.type()) {
        case BtfType.Pointer p -> {
          return true;
        }
        case BtfType.Float f -> {
          return true;
        }
        case BtfType.Forward f -> {
          return namesCompatible(l, t);
        }
        case BtfType.Enum e -> {
          return namesCompatible(l, t);
        }
        case BtfType.Enum64 e -> {
          return namesCompatible(l, t);
        }
        case BtfType.Int i -> {
          return wholeIntegers(i, t);
        }
        case BtfType.Array a -> {
          l = element(l);
          t = element(t);
        }
        case BtfType other -> {
          return false;
        }
      }
    }
    throw tooDeep(local, target);
  }

  /** Whether a named type may be a version of another: the same kind all the way down. */
  boolean typesCompatible(TypeAt local, TypeAt target) {
    return TypeAt.compatible(local.kind(), target.kind())
        && typesCompatible(local, target, MAX_DEPTH);
  }

  private boolean typesCompatible(TypeAt local, TypeAt target, int level) {
    TypeAt l = local;
    TypeAt t = target;
    for (int depth = 0; depth < MAX_DEPTH; depth++) {
      effort.step();
      l = l.resolved();
      t = t.resolved();
      if (!TypeAt.compatible(l.kind(), t.kind())) {
        return false;
      }
      switch (l.type()) {
        case BtfType.Void v -> {
          return true;
        }
        case BtfType.Struct s -> {
          return true;
        }
        case BtfType.Enum e -> {
          return true;
        }
        case BtfType.Enum64 e -> {
          return true;
        }
        case BtfType.Forward f -> {
          return true;
        }
        case BtfType.Int i -> {
          return wholeIntegers(i, t);
        }
        case BtfType.Pointer p -> {
          l = pointee(l);
          t = pointee(t);
        }
        case BtfType.Array a -> {
          l = element(l);
          t = element(t);
        }
        case BtfType.FuncProto p -> {
          if (!(t.type() instanceof BtfType.FuncProto other)) {
            return false;
          }
          List<BtfType.Parameter> mine = p.parameters();
          List<BtfType.Parameter> theirs = other.parameters();
          if (mine.size() != theirs.size()) {
            return false;
          }
          for (int i = 0; i < mine.size(); i++) {
            if (level <= 0) {
              throw tooDeep(local, target);
            }
            TypeAt argument = l.other(mine.get(i).type());
            if (!typesCompatible(argument, t.other(theirs.get(i).type()), level - 1)) {
              return false;
            }
          }
          l = l.other(p.result());
          t = t.other(other.result());
        }
        case BtfType other -> {
          return false;
        }
      }
    }
    throw tooDeep(local, target);
  }

  /** Integers that begin in the middle of their bytes are of an age before bit fields had sizes. */
  private static boolean wholeIntegers(BtfType.Int local, TypeAt target) {
    return local.bitOffset() == 0 && target.type() instanceof BtfType.Int i && i.bitOffset() == 0;
  }

  private static boolean namesCompatible(TypeAt local, TypeAt target) {
    String one = EssentialName.of(local.name());
    String other = EssentialName.of(target.name());
    return one.isEmpty() || other.isEmpty() || one.equals(other);
  }

  static TypeAt pointee(TypeAt pointer) {
    return pointer.other(((BtfType.Pointer) pointer.type()).target());
  }

  private static TypeAt element(TypeAt array) {
    return array.other(((BtfType.Array) array.type()).element()).resolved();
  }

  static UnavailableException tooDeep(TypeAt local, TypeAt target) {
    return new UnavailableException(
        "%s of %s and %s of %s cannot be compared: they are nested too deep"
            .formatted(
                local.label(),
                local.side().btf().origin(),
                target.label(),
                target.side().btf().origin()));
  }

  /** Kinds that a struct or union may be declared as without its members. */
  static boolean declares(BtfType.Forward forward, BtfKind kind) {
    return kind == (forward.union() ? BtfKind.UNION : BtfKind.STRUCT);
  }
}
