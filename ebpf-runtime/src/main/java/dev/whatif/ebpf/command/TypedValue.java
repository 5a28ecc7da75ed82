package dev.whatif.ebpf.command;

import dev.whatif.ebpf.btf.Btf;
import dev.whatif.ebpf.btf.BtfType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/** Bytes as text: by their C type where it is known, else in hex. */
final class TypedValue {

  /** Elements of an array that are written; the rest is counted. */
  private static final int MOST_ELEMENTS = 64;

  private static final int MOST_DEPTH = 16;

  private TypedValue() {}

  /** In hex. */
  static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  /**
   * As C writes it.
   *
   * @param typeId 0 is unknown
   */
  static String of(Btf btf, int typeId, byte[] bytes) {
    return typeId == 0 ? hex(bytes) : text(btf, typeId, bytes, 0);
  }

  private static String text(Btf btf, int typeId, byte[] bytes, int depth) {
    if (depth > MOST_DEPTH) {
      return hex(bytes);
    }
    return switch (btf.type(btf.resolve(typeId))) {
      case BtfType.Int i -> number(i, bytes);
      case BtfType.Enum e -> enumerator(e.values(), e.signed(), bytes);
      case BtfType.Enum64 e -> enumerator(e.values(), e.signed(), bytes);
      case BtfType.Pointer _ -> "0x" + Long.toHexString(word(bytes, false));
      case BtfType.Array a -> array(btf, a, bytes, depth);
      case BtfType.Struct s -> struct(btf, s, bytes, depth);
      case BtfType.DataSec d -> section(btf, d, bytes, depth);
      default -> hex(bytes);
    };
  }

  private static String number(BtfType.Int type, byte[] bytes) {
    if (bytes.length > Long.BYTES) {
      return hex(bytes);
    }
    long value = word(bytes, type.isSigned());
    if (type.isBool()) {
      return value == 0 ? "false" : "true";
    }
    return type.isSigned() ? Long.toString(value) : Long.toUnsignedString(value);
  }

  private static String enumerator(List<BtfType.Enumerator> values, boolean signed, byte[] bytes) {
    long value = word(bytes, signed);
    return values.stream()
        .filter(v -> v.value() == value)
        .map(BtfType.Enumerator::name)
        .findFirst()
        .orElse(Long.toString(value));
  }

  private static String array(Btf btf, BtfType.Array type, byte[] bytes, int depth) {
    int size = (int) btf.sizeOf(type.element());
    if (size == 1
        && btf.type(btf.resolve(type.element())) instanceof BtfType.Int
        && isText(bytes)) {
      int end = 0;
      while (end < bytes.length && bytes[end] != 0) {
        end++;
      }
      return '"' + new String(bytes, 0, end, StandardCharsets.US_ASCII) + '"';
    }
    List<String> elements = new ArrayList<>();
    int count = size == 0 ? 0 : bytes.length / size;
    for (int i = 0; i < Math.min(count, MOST_ELEMENTS); i++) {
      byte[] element = Arrays.copyOfRange(bytes, i * size, (i + 1) * size);
      elements.add(text(btf, type.element(), element, depth + 1));
    }
    if (count > MOST_ELEMENTS) {
      elements.add("... " + (count - MOST_ELEMENTS) + " more");
    }
    return "[" + String.join(", ", elements) + "]";
  }

  /** Printable up to the first zero, zeros from there on, and at least one character. */
  private static boolean isText(byte[] bytes) {
    int at = 0;
    while (at < bytes.length && bytes[at] >= ' ' && bytes[at] < 0x7f) {
      at++;
    }
    for (int i = at; i < bytes.length; i++) {
      if (bytes[i] != 0) {
        return false;
      }
    }
    return at > 0;
  }

  private static String struct(Btf btf, BtfType.Struct type, byte[] bytes, int depth) {
    List<String> members = new ArrayList<>();
    for (BtfType.Member member : type.members()) {
      String text;
      if (member.bitfieldSize() != 0) {
        int first = member.bitOffset() / Byte.SIZE;
        int shift = member.bitOffset() % Byte.SIZE;
        long word = word(Arrays.copyOfRange(bytes, first, first + Long.BYTES), false) >>> shift;
        text = Long.toString(word & -1L >>> Long.SIZE - member.bitfieldSize());
      } else {
        int from = member.bitOffset() / Byte.SIZE;
        int size = (int) btf.sizeOf(member.type());
        byte[] part = Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + size));
        text = text(btf, member.type(), part, depth + 1);
      }
      members.add(member.name().isEmpty() ? text : member.name() + " = " + text);
    }
    return "{" + String.join(", ", members) + "}";
  }

  private static String section(Btf btf, BtfType.DataSec type, byte[] bytes, int depth) {
    List<String> variables = new ArrayList<>();
    for (BtfType.Placement placement : type.variables()) {
      if (btf.type(placement.type()) instanceof BtfType.Var variable) {
        int to = Math.min(bytes.length, placement.offset() + placement.size());
        byte[] part = Arrays.copyOfRange(bytes, Math.min(placement.offset(), to), to);
        variables.add(variable.name() + " = " + text(btf, variable.type(), part, depth + 1));
      }
    }
    return "{" + String.join(", ", variables) + "}";
  }

  /** A little-endian number of at most 8 bytes. */
  static long word(byte[] bytes, boolean signed) {
    byte[] wide = Arrays.copyOf(bytes, Long.BYTES);
    if (signed && bytes.length > 0 && bytes.length < Long.BYTES && bytes[bytes.length - 1] < 0) {
      Arrays.fill(wide, bytes.length, Long.BYTES, (byte) -1);
    }
    return ByteBuffer.wrap(wide).order(ByteOrder.LITTLE_ENDIAN).getLong();
  }
}
