package dev.whatif.ebpf.btf;

import java.util.List;

/**
 * One type, decoded. References to other types are ids in the same {@link Btf}; sizes are bytes,
 * offsets of members are bits. Names are empty where there is none.
 */
public sealed interface BtfType {

  /** What {@link Btf} calls it. */
  int id();

  /** Its kind as the format counts them. */
  BtfKind kind();

  /** Its name, empty when it has none or cannot have one. */
  default String name() {
    return "";
  }

  /** Type 0. */
  record Void() implements BtfType {
    @Override
    public int id() {
      return 0;
    }

    @Override
    public BtfKind kind() {
      return BtfKind.VOID;
    }
  }

  /**
   * An integer.
   *
   * @param encoding {@link #SIGNED}, {@link #CHAR}, {@link #BOOL}, or 0
   * @param bitOffset where its bits begin within {@code size} bytes (0 in what compilers write
   *     today)
   * @param bits how many
   */
  record Int(int id, String name, int size, int encoding, int bitOffset, int bits)
      implements BtfType {
    public static final int SIGNED = 1;
    public static final int CHAR = 2;
    public static final int BOOL = 4;

    @Override
    public BtfKind kind() {
      return BtfKind.INT;
    }

    /** Whether values are signed. */
    public boolean isSigned() {
      return (encoding & SIGNED) != 0;
    }

    /** Whether it is {@code bool}. */
    public boolean isBool() {
      return (encoding & BOOL) != 0;
    }
  }

  /** A pointer to {@code target}, 0 for {@code void *}. */
  record Pointer(int id, int target) implements BtfType {
    @Override
    public BtfKind kind() {
      return BtfKind.POINTER;
    }
  }

  /** An array. */
  record Array(int id, int element, int index, int count) implements BtfType {
    @Override
    public BtfKind kind() {
      return BtfKind.ARRAY;
    }

    /** Elements, as the unsigned number it is. */
    public long length() {
      return count & 0xffff_ffffL;
    }
  }

  /** A struct or a union; {@code bitfields} says that the format had sizes of bit fields in it. */
  record Struct(
      int id, String name, boolean union, int size, boolean bitfields, List<Member> members)
      implements BtfType {
    @Override
    public BtfKind kind() {
      return union ? BtfKind.UNION : BtfKind.STRUCT;
    }
  }

  /**
   * A member.
   *
   * @param bitOffset from the beginning of the struct
   * @param bitfieldSize bits of a bit field, 0 for an ordinary member
   */
  record Member(String name, int type, int bitOffset, int bitfieldSize) {}

  /** An enum of up to 32 bits. */
  record Enum(int id, String name, int size, boolean signed, List<Enumerator> values)
      implements BtfType {
    @Override
    public BtfKind kind() {
      return BtfKind.ENUM;
    }
  }

  /** An enum of 64 bits. */
  record Enum64(int id, String name, int size, boolean signed, List<Enumerator> values)
      implements BtfType {
    @Override
    public BtfKind kind() {
      return BtfKind.ENUM64;
    }
  }

  /** A value of an enum; of an unsigned one it is the unsigned number in 64 bits. */
  record Enumerator(String name, long value) {}

  /** A struct or union of which only the name is known. */
  record Forward(int id, String name, boolean union) implements BtfType {
    @Override
    public BtfKind kind() {
      return BtfKind.FORWARD;
    }
  }

  /** A typedef. */
  record Typedef(int id, String name, int target) implements BtfType {
    @Override
    public BtfKind kind() {
      return BtfKind.TYPEDEF;
    }
  }

  /**
   * const, volatile, restrict (without a name) or a type tag (its name is the tag).
   *
   * @param attribute a type tag that stands for any attribute, not only btf_type_tag (kind_flag,
   *     kernel 6.15)
   */
  record Modifier(int id, BtfKind kind, String name, int target, boolean attribute)
      implements BtfType {}

  /** A function. */
  record Func(int id, String name, int proto, int linkage) implements BtfType {
    public static final int STATIC = 0;
    public static final int GLOBAL = 1;
    public static final int EXTERN = 2;

    @Override
    public BtfKind kind() {
      return BtfKind.FUNC;
    }
  }

  /** A function's type. */
  record FuncProto(int id, int result, List<Parameter> parameters) implements BtfType {
    @Override
    public BtfKind kind() {
      return BtfKind.FUNC_PROTO;
    }
  }

  /** A parameter; the last one has type 0 and no name when there may be more ({@code ...}). */
  record Parameter(String name, int type) {}

  /** A variable. */
  record Var(int id, String name, int type, int linkage) implements BtfType {
    public static final int STATIC = 0;
    public static final int GLOBAL = 1;
    public static final int EXTERN = 2;

    @Override
    public BtfKind kind() {
      return BtfKind.VAR;
    }
  }

  /** A section of data with its variables; clang leaves size and offsets 0 for the loader. */
  record DataSec(int id, String name, int size, List<Placement> variables) implements BtfType {
    @Override
    public BtfKind kind() {
      return BtfKind.DATASEC;
    }
  }

  /** Where a {@link Var} (in {@code .ksyms}, a {@link Func} too) lies in its section, in bytes. */
  record Placement(int type, int offset, int size) {}

  /** A floating-point number. */
  record Float(int id, String name, int size) implements BtfType {
    @Override
    public BtfKind kind() {
      return BtfKind.FLOAT;
    }
  }

  /**
   * A tag on a declaration.
   *
   * @param name the tag
   * @param component the member or parameter that is tagged, -1 for the whole
   * @param attribute as in {@link Modifier}
   */
  record DeclTag(int id, String name, int target, int component, boolean attribute)
      implements BtfType {
    @Override
    public BtfKind kind() {
      return BtfKind.DECL_TAG;
    }
  }
}
