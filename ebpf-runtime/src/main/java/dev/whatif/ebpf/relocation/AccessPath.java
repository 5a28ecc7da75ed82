package dev.whatif.ebpf.relocation;

import dev.whatif.core.failure.BadDataException;
import dev.whatif.ebpf.btf.BtfType;
import dev.whatif.ebpf.btf.CoreRelocation;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The way from a root type to a field, in one BTF.
 *
 * <p>An access string such as {@code 0:2:3} names members and elements by number. Only its turning
 * points mean something in another version of the types: the named members, and the indices of
 * arrays. Anonymous structs and unions on the way leave no step, since another version may have the
 * field inside a different one.
 *
 * @param root as the relocation names it; may be a typedef
 * @param steps the first is the index of the root pointer, so that {@code p[2].x} begins with 2
 * @param bitOffset of the field from the address in the pointer
 */
record AccessPath(TypeAt root, List<Step> steps, long bitOffset) {

  /** The most indices an access string may have (libbpf's BPF_CORE_SPEC_MAX_LEN). */
  static final int MAX_LENGTH = 64;

  /** Bit offsets are 32 bits wide in the kernel's relocator. */
  static final long MAX_BITS = 0xffff_ffffL;

  /** Nine digits are below 2^31. */
  private static final Pattern INDEX = Pattern.compile("[0-9]{1,9}");

  /**
   * A turning point.
   *
   * @param type of a member the struct that has it, of an element the element's type, of an
   *     enumerator the enum
   * @param name of the member or enumerator, null for an element
   */
  record Step(TypeAt type, int index, @Nullable String name) {

    /** The member that this step goes to; the step must have a name. */
    BtfType.Member member() {
      return type.members().get(index);
    }
  }

  /** The last turning point. */
  Step last() {
    return steps.getLast();
  }

  /**
   * Follows the access string of a relocation through the object's own types.
   *
   * @throws BadDataException when it does not fit them
   */
  static AccessPath parse(Types local, CoreRelocation relocation) {
    TypeAt root = local.at(relocation.typeId());
    String access = relocation.access();
    return switch (relocation.kind()) {
      case TYPE_ID_LOCAL, TYPE_ID_TARGET, TYPE_EXISTS, TYPE_SIZE, TYPE_MATCHES -> {
        if (!access.equals("0")) {
          throw malformed(root, access, "a question about a type has the access string 0");
        }
        yield new AccessPath(root, List.of(), 0);
      }
      case ENUMVAL_EXISTS, ENUMVAL_VALUE -> enumerator(root, access);
      case FIELD_BYTE_OFFSET,
          FIELD_BYTE_SIZE,
          FIELD_EXISTS,
          FIELD_SIGNED,
          FIELD_LSHIFT_U64,
          FIELD_RSHIFT_U64 ->
          field(root, access);
    };
  }

  private static AccessPath enumerator(TypeAt root, String access) {
    int[] indices = indices(root, access);
    TypeAt type = root.resolved();
    if (!type.isEnum() || indices.length != 1 || indices[0] >= type.enumerators().size()) {
      throw malformed(root, access, "there is no such enumerator");
    }
    String name = type.enumerators().get(indices[0]).name();
    return new AccessPath(root, List.of(new Step(type, indices[0], name)), 0);
  }

  private static AccessPath field(TypeAt root, String access) {
    int[] indices = indices(root, access);
    TypeAt type = root.resolved();
    List<Step> steps = new ArrayList<>();
    steps.add(new Step(type, indices[0], null));
    long bits = elementBits(type, indices[0]);
    for (int i = 1; i < indices.length; i++) {
      int index = indices[i];
      type = type.resolved();
      BtfType.Array array = type.array();
      if (array != null) {
        if (index >= array.length() && !isFlexible(steps.getLast(), array)) {
          throw malformed(root, access, "an array has only " + array.length() + " elements");
        }
        type = type.other(array.element()).resolved();
        steps.add(new Step(type, index, null));
        bits += elementBits(type, index);
      } else if (type.isStruct()) {
        List<BtfType.Member> members = type.members();
        if (index >= members.size()) {
          throw malformed(root, access, type.label() + " has only " + members.size() + " members");
        }
        BtfType.Member member = members.get(index);
        bits += Integer.toUnsignedLong(member.bitOffset());
        if (!member.name().isEmpty()) {
          steps.add(new Step(type, index, member.name()));
        }
        type = type.other(member.type());
      } else {
        throw malformed(root, access, "it goes through " + type.label() + ", which has no parts");
      }
      if (bits > MAX_BITS) {
        throw malformed(root, access, "the field is more than 512 MiB away");
      }
    }
    return new AccessPath(root, List.copyOf(steps), bits);
  }

  /** Bits before an element; at most {@link #MAX_BITS} or a number above it. */
  static long elementBits(TypeAt type, int index) {
    long bytes = index * type.size();
    return bytes > MAX_BITS ? MAX_BITS + 1 : bytes * Byte.SIZE;
  }

  /** Whether an array has no bound: length 0 as the last member of a struct. */
  static boolean isFlexible(Step before, BtfType.Array array) {
    return before.name() != null
        && array.length() == 0
        && before.index() == before.type().members().size() - 1;
  }

  private static int[] indices(TypeAt root, String access) {
    String[] parts = access.split(":", -1);
    if (parts.length > MAX_LENGTH) {
      throw malformed(root, access, "it is longer than " + MAX_LENGTH + " indices");
    }
    int[] indices = new int[parts.length];
    for (int i = 0; i < parts.length; i++) {
      if (!INDEX.matcher(parts[i]).matches()) {
        throw malformed(root, access, "it is not a list of indices");
      }
      indices[i] = Integer.parseInt(parts[i]);
    }
    return indices;
  }

  private static BadDataException malformed(TypeAt root, String access, String why) {
    String shown = access.length() > 80 ? access.substring(0, 80) + "..." : access;
    return root.side().btf().bad(root.id(), "is accessed by '" + shown + "', but " + why);
  }

  /** As one would write it in C: {@code struct outer.many[3].y[1]}. */
  String label() {
    StringBuilder text = new StringBuilder(root.label());
    for (int i = 0; i < steps.size(); i++) {
      Step step = steps.get(i);
      if (step.name() != null) {
        text.append(step.type().isEnum() ? "::" : ".").append(step.name());
      } else if (i > 0 || step.index() > 0) {
        text.append('[').append(step.index()).append(']');
      }
    }
    return text.toString();
  }
}
