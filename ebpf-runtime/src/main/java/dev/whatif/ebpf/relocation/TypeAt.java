package dev.whatif.ebpf.relocation;

import dev.whatif.ebpf.btf.BtfKind;
import dev.whatif.ebpf.btf.BtfType;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A type on one side of a relocation. */
record TypeAt(Types side, int id) {

  BtfType type() {
    return side.type(id);
  }

  BtfKind kind() {
    return side.btf().kind(id);
  }

  String name() {
    return side.btf().name(id);
  }

  /** What is behind typedefs, const, volatile, restrict and type tags. */
  TypeAt resolved() {
    return side.at(side.btf().resolve(id));
  }

  /** Another type of the same side. */
  TypeAt other(int other) {
    return side.at(other);
  }

  /** Bytes of a value. */
  long size() {
    return side.btf().sizeOf(id);
  }

  boolean isStruct() {
    return kind() == BtfKind.STRUCT || kind() == BtfKind.UNION;
  }

  boolean isEnum() {
    return isEnum(kind());
  }

  /** Members of a struct or union. */
  List<BtfType.Member> members() {
    return type() instanceof BtfType.Struct s ? s.members() : List.of();
  }

  /** Values of an enum of either width; none of any other type. */
  List<BtfType.Enumerator> enumerators() {
    return switch (type()) {
      case BtfType.Enum e -> e.values();
      case BtfType.Enum64 e -> e.values();
      case BtfType t -> List.of();
    };
  }

  /** The array that it is, or null. */
  BtfType.@Nullable Array array() {
    return type() instanceof BtfType.Array a ? a : null;
  }

  /** Whether types of these kinds may be versions of one another. */
  static boolean compatible(BtfKind one, BtfKind other) {
    return one == other || (isEnum(one) && isEnum(other));
  }

  private static boolean isEnum(BtfKind kind) {
    return kind == BtfKind.ENUM || kind == BtfKind.ENUM64;
  }

  /** As one would write it in C: {@code struct task_struct}, {@code pid_t}. */
  String label() {
    String name = name();
    String shown = name.isEmpty() ? "(anonymous)" : name;
    return switch (kind()) {
      case STRUCT, UNION -> kind().name().toLowerCase(Locale.ROOT) + " " + shown;
      case ENUM, ENUM64 -> "enum " + shown;
      case FORWARD -> "forward declaration " + shown;
      case VOID -> "void";
      case TYPEDEF, INT, FLOAT, FUNC, VAR, DATASEC -> shown;
      case POINTER, ARRAY, VOLATILE, CONST, RESTRICT, FUNC_PROTO, DECL_TAG, TYPE_TAG ->
          kind().name().toLowerCase(Locale.ROOT).replace('_', ' ') + " " + id;
    };
  }
}
