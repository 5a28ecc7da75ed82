package dev.whatif.ebpf.btf;

import java.util.List;

/** Types in the words of {@code bpftool btf dump file F format raw} (bpftool 7.1). */
final class BpftoolText {

  private final Btf btf;
  private final StringBuilder out = new StringBuilder();

  private BpftoolText(Btf btf) {
    this.btf = btf;
  }

  static String of(Btf btf) {
    BpftoolText text = new BpftoolText(btf);
    for (int id = btf.firstId(); id < btf.size(); id++) {
      text.type(btf.type(id));
    }
    return text.out.toString();
  }

  private void type(BtfType type) {
    out.append('[').append(type.id()).append("] ").append(kind(type.kind()));
    out.append(' ').append(quoted(type.name()));
    switch (type) {
      case BtfType.Void v -> {}
      case BtfType.Int i ->
          line(
              " size=%d bits_offset=%d nr_bits=%d encoding=%s",
              i.size(), i.bitOffset(), i.bits(), encoding(i.encoding()));
      case BtfType.Pointer p -> line(" type_id=%d", p.target());
      case BtfType.Array a ->
          line(" type_id=%d index_type_id=%d nr_elems=%d", a.element(), a.index(), a.length());
      case BtfType.Struct s -> {
        line(" size=%d vlen=%d", s.size(), s.members().size());
        for (BtfType.Member m : s.members()) {
          out.append('\t').append(quoted(m.name()));
          String bits = m.bitfieldSize() == 0 ? "" : " bitfield_size=" + m.bitfieldSize();
          line(" type_id=%d bits_offset=%d%s", m.type(), m.bitOffset(), bits);
        }
      }
      case BtfType.Enum e -> values(e.signed(), e.size(), e.values(), e.signed() ? "" : "");
      case BtfType.Enum64 e -> values(e.signed(), e.size(), e.values(), e.signed() ? "LL" : "ULL");
      case BtfType.Forward f -> line(" fwd_kind=%s", f.union() ? "union" : "struct");
      case BtfType.Typedef t -> line(" type_id=%d", t.target());
      case BtfType.Modifier m -> line(" type_id=%d", m.target());
      case BtfType.Func f -> line(" type_id=%d linkage=%s", f.proto(), linkage(f.linkage()));
      case BtfType.FuncProto p -> {
        line(" ret_type_id=%d vlen=%d", p.result(), p.parameters().size());
        for (BtfType.Parameter q : p.parameters()) {
          out.append('\t').append(quoted(q.name()));
          line(" type_id=%d", q.type());
        }
      }
      case BtfType.Var v ->
          line(
              " type_id=%d, linkage=%s",
              v.type(), v.linkage() == 1 ? "global" : linkage(v.linkage()));
      case BtfType.DataSec d -> {
        line(" size=%d vlen=%d", d.size(), d.variables().size());
        for (BtfType.Placement p : d.variables()) {
          line(
              "\ttype_id=%d offset=%d size=%d (%s %s)",
              p.type(), p.offset(), p.size(), kind(btf.kind(p.type())), quoted(btf.name(p.type())));
        }
      }
      case BtfType.Float f -> line(" size=%d", f.size());
      case BtfType.DeclTag t -> line(" type_id=%d component_idx=%d", t.target(), t.component());
    }
  }

  private void values(boolean signed, int size, List<BtfType.Enumerator> values, String suffix) {
    line(" encoding=%s size=%d vlen=%d", signed ? "SIGNED" : "UNSIGNED", size, values.size());
    for (BtfType.Enumerator v : values) {
      out.append('\t').append(quoted(v.name())).append(" val=");
      out.append(signed ? Long.toString(v.value()) : Long.toUnsignedString(v.value()));
      out.append(suffix).append('\n');
    }
  }

  private void line(String format, Object... values) {
    out.append(format.formatted(values)).append('\n');
  }

  private static String quoted(String name) {
    return "'" + (name.isEmpty() ? "(anon)" : name) + "'";
  }

  private static String kind(BtfKind kind) {
    return switch (kind) {
      case POINTER -> "PTR";
      case FORWARD -> "FWD";
      default -> kind.name();
    };
  }

  private static String encoding(int bits) {
    return switch (bits) {
      case 0 -> "(none)";
      case BtfType.Int.SIGNED -> "SIGNED";
      case BtfType.Int.CHAR -> "CHAR";
      case BtfType.Int.BOOL -> "BOOL";
      default -> "UNKN";
    };
  }

  private static String linkage(int linkage) {
    return switch (linkage) {
      case 0 -> "static";
      case 1 -> "global";
      case 2 -> "extern";
      default -> "(unknown)";
    };
  }
}
