package dev.whatif.ebpf.btf;

import java.util.ArrayList;
import java.util.List;

/**
 * From the bytes of a type to a {@link BtfType}.
 *
 * <pre>
 *   0          4                                8
 *   name_off   kind_flag:1 kind:5@24 vlen:16@0  size or type    then the kind's own words
 * </pre>
 */
final class BtfDecoder {

  static final BtfType VOID = new BtfType.Void();

  private final Btf btf;
  private final Btf owner;
  private final int id;

  private BtfDecoder(Btf btf, int id) {
    this.btf = btf;
    this.owner = btf.owner(id);
    this.id = id;
  }

  static BtfType decode(Btf btf, int id) {
    return new BtfDecoder(btf, id).decode();
  }

  private BtfType decode() {
    int info = word(4);
    int vlen = info & 0xffff;
    boolean flag = info < 0;
    BtfKind kind = BtfKind.of(info >>> 24 & 0x1f);
    return switch (kind) {
      case VOID -> VOID;
      case INT -> {
        int bits = word(12);
        yield new BtfType.Int(
            id, name(), word(8), bits >>> 24 & 0xf, bits >>> 16 & 0xff, bits & 0xff);
      }
      case POINTER -> new BtfType.Pointer(id, reference(8));
      case ARRAY -> new BtfType.Array(id, reference(12), reference(16), word(20));
      case STRUCT, UNION ->
          new BtfType.Struct(id, name(), kind == BtfKind.UNION, word(8), flag, members(vlen, flag));
      case ENUM -> new BtfType.Enum(id, name(), word(8), flag, enumerators(vlen, flag));
      case ENUM64 -> new BtfType.Enum64(id, name(), word(8), flag, enumerators64(vlen));
      case FORWARD -> new BtfType.Forward(id, name(), flag);
      case TYPEDEF -> new BtfType.Typedef(id, name(), reference(8));
      case VOLATILE, CONST, RESTRICT, TYPE_TAG ->
          new BtfType.Modifier(id, kind, name(), reference(8), flag);
      case FUNC -> new BtfType.Func(id, name(), reference(8), vlen);
      case FUNC_PROTO -> new BtfType.FuncProto(id, reference(8), parameters(vlen));
      case VAR -> new BtfType.Var(id, name(), reference(8), word(12));
      case DATASEC -> new BtfType.DataSec(id, name(), word(8), placements(vlen));
      case FLOAT -> new BtfType.Float(id, name(), word(8));
      case DECL_TAG -> new BtfType.DeclTag(id, name(), reference(8), word(12), flag);
    };
  }

  private List<BtfType.Member> members(int count, boolean bitfields) {
    List<BtfType.Member> members = new ArrayList<>(count);
    for (int i = 0, at = 12; i < count; i++, at += 12) {
      int offset = word(at + 8);
      members.add(
          bitfields
              ? new BtfType.Member(text(at), reference(at + 4), offset & 0xff_ffff, offset >>> 24)
              : new BtfType.Member(text(at), reference(at + 4), offset, 0));
    }
    return List.copyOf(members);
  }

  private List<BtfType.Enumerator> enumerators(int count, boolean signed) {
    List<BtfType.Enumerator> values = new ArrayList<>(count);
    for (int i = 0, at = 12; i < count; i++, at += 8) {
      int value = word(at + 4);
      values.add(new BtfType.Enumerator(text(at), signed ? value : value & 0xffff_ffffL));
    }
    return List.copyOf(values);
  }

  private List<BtfType.Enumerator> enumerators64(int count) {
    List<BtfType.Enumerator> values = new ArrayList<>(count);
    for (int i = 0, at = 12; i < count; i++, at += 12) {
      long value = word(at + 4) & 0xffff_ffffL | (long) word(at + 8) << 32;
      values.add(new BtfType.Enumerator(text(at), value));
    }
    return List.copyOf(values);
  }

  private List<BtfType.Parameter> parameters(int count) {
    List<BtfType.Parameter> parameters = new ArrayList<>(count);
    for (int i = 0, at = 12; i < count; i++, at += 8) {
      parameters.add(new BtfType.Parameter(text(at), reference(at + 4)));
    }
    return List.copyOf(parameters);
  }

  private List<BtfType.Placement> placements(int count) {
    List<BtfType.Placement> placements = new ArrayList<>(count);
    for (int i = 0, at = 12; i < count; i++, at += 12) {
      placements.add(new BtfType.Placement(reference(at), word(at + 4), word(at + 8)));
    }
    return List.copyOf(placements);
  }

  private String name() {
    return text(0);
  }

  private String text(int at) {
    int offset = word(at);
    return offset == 0 ? "" : owner.string(offset);
  }

  private int reference(int at) {
    int target = word(at);
    if (target < 0 || target >= btf.size()) {
      throw btf.bad(
          id,
          "at offset 0x%x refers to type %d, which does not exist"
              .formatted(owner.offset(id) + at, target & 0xffff_ffffL));
    }
    return target;
  }

  private int word(int at) {
    return owner.word(id, at);
  }
}
