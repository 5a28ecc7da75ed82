package dev.whatif.ebpf.btf;

import dev.whatif.core.failure.BadDataException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * Writes BTF: types one after the other, strings once each.
 *
 * <p>A blob that is rewritten ({@link #rewriting}) keeps its strings where they were, because
 * {@code .BTF.ext} names them by offset. Not safe for several threads.
 */
public final class BtfBuilder {

  private final ByteArrayOutputStream types = new ByteArrayOutputStream();
  private final ByteArrayOutputStream strings = new ByteArrayOutputStream();
  private final Map<String, Integer> known = new HashMap<>();
  private final int firstString;
  private int maxStringBytes = Integer.MAX_VALUE / 2;
  private String origin = "BTF";
  private int nextId;

  /** An empty one. */
  public BtfBuilder() {
    this(1, 0);
    strings.write(0);
    known.put("", 0);
  }

  private BtfBuilder(int firstId, int firstString) {
    this.nextId = firstId;
    this.firstString = firstString;
  }

  /** One that begins with all strings of another, at their offsets, and none of its types. */
  public static BtfBuilder rewriting(Btf btf) {
    BtfBuilder builder = new BtfBuilder(1, 0);
    builder.origin = btf.origin();
    int end = btf.stringLimit();
    // Names may end in the middle of others, which makes the copy longer, but not without a limit.
    builder.maxStringBytes = 4 * end + (1 << 20);
    for (int at = 0; at < end; ) {
      String text = btf.string(at);
      int start = btf.stringAt(at);
      int length = 0;
      while (btf.raw()[start + length] != 0) {
        length++;
      }
      builder.strings.write(btf.raw(), start, length + 1);
      builder.known.putIfAbsent(text, at);
      at += length + 1;
    }
    return builder;
  }

  /** One whose types and strings go on where a base's end. */
  public static BtfBuilder splitFrom(Btf base) {
    return new BtfBuilder(base.size(), base.stringLimit());
  }

  /**
   * Adds a type; the id that it carries is not looked at.
   *
   * @return the id it has from now on: the next one
   */
  public int add(BtfType type) {
    boolean flag = false;
    int vlen = 0;
    int word = 0;
    ByteBuffer tail = ByteBuffer.allocate(tailBytes(type)).order(ByteOrder.LITTLE_ENDIAN);
    switch (type) {
      case BtfType.Void v -> throw new IllegalArgumentException("void is type 0 everywhere");
      case BtfType.Int i -> {
        word = i.size();
        tail.putInt(i.encoding() << 24 | i.bitOffset() << 16 | i.bits());
      }
      case BtfType.Pointer p -> word = p.target();
      case BtfType.Array a -> tail.putInt(a.element()).putInt(a.index()).putInt(a.count());
      case BtfType.Struct s -> {
        word = s.size();
        vlen = s.members().size();
        flag = s.bitfields();
        for (BtfType.Member m : s.members()) {
          tail.putInt(string(m.name())).putInt(m.type());
          tail.putInt(flag ? m.bitfieldSize() << 24 | m.bitOffset() : m.bitOffset());
        }
      }
      case BtfType.Enum e -> {
        word = e.size();
        vlen = e.values().size();
        flag = e.signed();
        e.values().forEach(v -> tail.putInt(string(v.name())).putInt((int) v.value()));
      }
      case BtfType.Enum64 e -> {
        word = e.size();
        vlen = e.values().size();
        flag = e.signed();
        e.values()
            .forEach(v ->
                tail.putInt(string(v.name()))
                    .putInt((int) v.value())
                    .putInt((int) (v.value() >>> 32)));
      }
      case BtfType.Forward f -> flag = f.union();
      case BtfType.Typedef t -> word = t.target();
      case BtfType.Modifier m -> {
        word = m.target();
        flag = m.attribute();
      }
      case BtfType.Func f -> {
        word = f.proto();
        vlen = f.linkage();
      }
      case BtfType.FuncProto p -> {
        word = p.result();
        vlen = p.parameters().size();
        p.parameters().forEach(q -> tail.putInt(string(q.name())).putInt(q.type()));
      }
      case BtfType.Var v -> {
        word = v.type();
        tail.putInt(v.linkage());
      }
      case BtfType.DataSec d -> {
        word = d.size();
        vlen = d.variables().size();
        d.variables().forEach(p -> tail.putInt(p.type()).putInt(p.offset()).putInt(p.size()));
      }
      case BtfType.Float f -> word = f.size();
      case BtfType.DeclTag t -> {
        word = t.target();
        flag = t.attribute();
        tail.putInt(t.component());
      }
    }
    int info = (flag ? 1 << 31 : 0) | type.kind().number() << 24 | vlen;
    int name = string(type.name());
    types.writeBytes(little(12).putInt(name).putInt(info).putInt(word).array());
    types.writeBytes(tail.array());
    return nextId++;
  }

  /** The offset of a string, added when it is new. */
  public int string(String text) {
    if (text.isEmpty()) {
      return 0;
    }
    return known.computeIfAbsent(
        text,
        t -> {
          int at = firstString + strings.size();
          strings.writeBytes(t.getBytes(StandardCharsets.UTF_8));
          strings.write(0);
          if (strings.size() > maxStringBytes) {
            throw new BadDataException(
                "%s: names overlap: 0x%x bytes of them".formatted(origin, strings.size()));
          }
          return at;
        });
  }

  /** The blob. */
  public byte[] bytes() {
    ByteBuffer out = little(BtfSections.HEADER_BYTES + types.size() + strings.size());
    out.putShort((short) BtfSections.MAGIC).put((byte) 1).put((byte) 0);
    out.putInt(BtfSections.HEADER_BYTES);
    out.putInt(0).putInt(types.size()).putInt(types.size()).putInt(strings.size());
    return out.put(types.toByteArray()).put(strings.toByteArray()).array();
  }

  /** The blob, parsed. */
  public Btf build(String origin) {
    return Btf.parse(origin, bytes());
  }

  private static int tailBytes(BtfType type) {
    int entries =
        switch (type) {
          case BtfType.Struct s -> s.members().size();
          case BtfType.Enum e -> e.values().size();
          case BtfType.Enum64 e -> e.values().size();
          case BtfType.FuncProto p -> p.parameters().size();
          case BtfType.DataSec d -> d.variables().size();
          case BtfType.Void v -> 0;
          case BtfType.Int i -> 0;
          case BtfType.Pointer p -> 0;
          case BtfType.Array a -> 0;
          case BtfType.Forward f -> 0;
          case BtfType.Typedef t -> 0;
          case BtfType.Modifier m -> 0;
          case BtfType.Func f -> 0;
          case BtfType.Var v -> 0;
          case BtfType.Float f -> 0;
          case BtfType.DeclTag t -> 0;
        };
    return BtfKind.tailBytes(type.kind().number(), entries);
  }

  private static ByteBuffer little(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
