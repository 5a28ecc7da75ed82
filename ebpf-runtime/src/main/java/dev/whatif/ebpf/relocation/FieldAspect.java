package dev.whatif.ebpf.relocation;

import dev.whatif.core.failure.UnavailableException;
import dev.whatif.ebpf.btf.BtfType;
import dev.whatif.ebpf.btf.CoreRelocationKind;
import dev.whatif.ebpf.relocation.AccessPath.Step;

/**
 * What one BTF says about a field.
 *
 * <p>A bit field is read by loading the smallest aligned integer around it, shifting left until its
 * highest bit is bit 63, and shifting right (with the sign, if it is signed) until its lowest is
 * bit 0: byte offset, byte size and both shifts belong together.
 *
 * @param value the answer
 * @param width bytes that a load or store of it accesses; 0 where the answer is no offset
 * @param accessed the type that is accessed, void where the answer is no offset
 * @param validate whether the compiler must have come to the same value
 */
record FieldAspect(long value, long width, TypeAt accessed, boolean validate) {

  private static final int WORD_BITS = 64;

  /**
   * The answer to one kind of question about the field at the end of a path.
   *
   * @throws UnavailableException when there is none: a bit field across 9 bytes, the sign of an
   *     array's element
   */
  static FieldAspect of(AccessPath path, CoreRelocationKind kind) {
    Step last = path.last();
    return last.name() == null
        ? ofElement(path, last.type(), kind)
        : ofMember(path, last.member(), kind);
  }

  private static FieldAspect ofElement(AccessPath path, TypeAt type, CoreRelocationKind kind) {
    return switch (kind) {
      case FIELD_BYTE_OFFSET -> offset(path.bitOffset() / Byte.SIZE, type);
      case FIELD_BYTE_SIZE -> value(path, type.size(), true);
      case FIELD_SIGNED, FIELD_LSHIFT_U64, FIELD_RSHIFT_U64 ->
          throw unanswerable(path, "an element of an array has neither sign nor shifts");
      case FIELD_EXISTS,
          TYPE_ID_LOCAL,
          TYPE_ID_TARGET,
          TYPE_EXISTS,
          TYPE_SIZE,
          ENUMVAL_EXISTS,
          ENUMVAL_VALUE,
          TYPE_MATCHES ->
          throw new IllegalArgumentException(kind.toString());
    };
  }

  private static FieldAspect ofMember(
      AccessPath path, BtfType.Member member, CoreRelocationKind kind) {
    TypeAt type = path.last().type().other(member.type()).resolved();
    boolean bitfield = member.bitfieldSize() > 0;
    long bytes = type.size();
    long bits = bitfield ? member.bitfieldSize() : bytes * Byte.SIZE;
    long offset = path.bitOffset() / Byte.SIZE;
    if (bitfield) {
      if (bytes == 0) {
        throw unanswerable(path, "it is a bit field of a type without size");
      }
      offset = offset / bytes * bytes;
      while (path.bitOffset() + bits > (offset + bytes) * Byte.SIZE) {
        if (bytes >= Long.BYTES) {
          throw unanswerable(path, "no load of 8 bytes covers the bit field");
        }
        bytes *= 2;
        offset = path.bitOffset() / Byte.SIZE / bytes * bytes;
      }
    }
    return switch (kind) {
      case FIELD_BYTE_OFFSET -> bitfield ? value(path, offset, false) : offset(offset, type);
      case FIELD_BYTE_SIZE -> value(path, bytes, !bitfield);
      case FIELD_SIGNED -> value(path, isSigned(type) ? 1 : 0, true);
      case FIELD_LSHIFT_U64 ->
          value(path, WORD_BITS - (path.bitOffset() + bits - offset * Byte.SIZE), !bitfield);
      case FIELD_RSHIFT_U64 -> value(path, WORD_BITS - bits, true);
      case FIELD_EXISTS,
          TYPE_ID_LOCAL,
          TYPE_ID_TARGET,
          TYPE_EXISTS,
          TYPE_SIZE,
          ENUMVAL_EXISTS,
          ENUMVAL_VALUE,
          TYPE_MATCHES ->
          throw new IllegalArgumentException(kind.toString());
    };
  }

  private static FieldAspect value(AccessPath path, long value, boolean validate) {
    return new FieldAspect(value, 0, path.root().other(0), validate);
  }

  /** Of an array a load takes one element (libbpf 1.6, kernel 6.15). */
  private static FieldAspect offset(long value, TypeAt type) {
    TypeAt one = type.resolved();
    for (BtfType.Array array = one.array(); array != null; array = one.array()) {
      one = one.other(array.element()).resolved();
    }
    return new FieldAspect(value, one.size(), type.resolved(), true);
  }

  private static boolean isSigned(TypeAt type) {
    return switch (type.type()) {
      case BtfType.Int i -> i.isSigned();
      case BtfType.Enum e -> e.signed();
      case BtfType.Enum64 e -> e.signed();
      case BtfType other -> false;
    };
  }

  private static UnavailableException unanswerable(AccessPath path, String why) {
    return new UnavailableException(
        path.root().side().btf().origin() + " has no answer about " + path.label() + ": " + why);
  }

  /**
   * Whether zero extension makes up for different widths: between pointers, and between integers
   * without sign.
   */
  static boolean adaptable(FieldAspect local, FieldAspect target) {
    return switch (local.accessed.type()) {
      case BtfType.Pointer p -> target.accessed.type() instanceof BtfType.Pointer;
      case BtfType.Int i ->
          target.accessed.type() instanceof BtfType.Int other
              && i.encoding() != BtfType.Int.SIGNED
              && other.encoding() != BtfType.Int.SIGNED;
      case BtfType other -> false;
    };
  }
}
