package dev.whatif.ebpf.btf;

import dev.whatif.core.elf.ByteCursor;
import dev.whatif.core.failure.BadDataException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The section {@code .BTF.ext}: for every code section of an object its functions' types, its
 * source lines and its CO-RE relocations (kernel, Documentation/bpf/btf.rst section 4).
 *
 * <p>Offsets are bytes within the code section, records in the file's order. Immutable.
 */
public final class BtfExt {

  private static final int OLD_HEADER_BYTES = 24;
  private static final int HEADER_BYTES = 32;

  private final Map<String, List<FuncInfo>> functions;
  private final Map<String, List<LineInfo>> lines;
  private final Map<String, List<CoreRelocation>> relocations;

  private BtfExt(
      Map<String, List<FuncInfo>> functions,
      Map<String, List<LineInfo>> lines,
      Map<String, List<CoreRelocation>> relocations) {
    this.functions = functions;
    this.lines = lines;
    this.relocations = relocations;
  }

  /**
   * Parses the section.
   *
   * @param origin what to call it in errors, such as {@code probe.bpf.o: .BTF.ext}
   * @param btf the object's types, whose strings it names
   * @throws BadDataException when it is damaged; names the offset
   */
  public static BtfExt parse(String origin, byte[] raw, Btf btf) {
    ByteCursor c = new ByteCursor(MemorySegment.ofArray(raw), origin);
    int magic = c.u16();
    if (magic != BtfSections.MAGIC) {
      throw c.seek(0).malformed("no .BTF.ext (magic eb9f)");
    }
    int version = c.u8();
    if (version != 1) {
      throw c.malformed(".BTF.ext of version " + version + ", not 1");
    }
    c.skip(1);
    long header = c.u32();
    if (header < OLD_HEADER_BYTES) {
      throw c.malformed("a header of " + header + " bytes");
    }
    ByteCursor functions = part(c, header);
    ByteCursor lines = part(c, header);
    ByteCursor relocations =
        header >= HEADER_BYTES ? part(c, header) : c.seek(c.size()).sub(0, origin);
    Texts texts = new Texts(btf, new HashMap<>(), new long[1]);
    return new BtfExt(
        read(functions, btf, FuncInfo.BYTES, r -> new FuncInfo(r.s32(), r.s32())),
        read(lines, btf, LineInfo.BYTES, r -> line(r, texts)),
        read(relocations, btf, CoreRelocation.BYTES, r -> relocation(r, btf, texts)));
  }

  /** The types of functions in a section. */
  public List<FuncInfo> functions(String section) {
    return functions.getOrDefault(section, List.of());
  }

  /** The source lines of a section. */
  public List<LineInfo> lines(String section) {
    return lines.getOrDefault(section, List.of());
  }

  /** The CO-RE relocations of a section. */
  public List<CoreRelocation> relocations(String section) {
    return relocations.getOrDefault(section, List.of());
  }

  private static ByteCursor part(ByteCursor c, long header) {
    long offset = c.u32();
    long length = c.u32();
    long next = c.position();
    ByteCursor part = c.seek(header + offset).sub(length, c.name());
    c.seek(next);
    return part;
  }

  private static <T> Map<String, List<T>> read(
      ByteCursor c, Btf btf, int known, java.util.function.Function<ByteCursor, T> one) {
    Map<String, List<T>> found = new HashMap<>();
    if (!c.hasRemaining()) {
      return found;
    }
    long size = c.u32();
    if (size < known || size > 1024) {
      throw c.malformed("records of " + size + " bytes, not " + known);
    }
    while (c.hasRemaining()) {
      String section = btf.string(c.s32());
      long count = c.u32();
      if (count == 0 || count > c.remaining() / size) {
        throw c.malformed(count + " records for section " + section);
      }
      List<T> list = found.computeIfAbsent(section, s -> new ArrayList<>());
      for (long i = 0; i < count; i++) {
        long at = c.position();
        list.add(one.apply(c));
        c.seek(at + size);
      }
    }
    found.replaceAll((section, list) -> List.copyOf(list));
    return found;
  }

  private static LineInfo line(ByteCursor r, Texts texts) {
    int offset = r.s32();
    int file = r.s32();
    int text = r.s32();
    int position = r.s32();
    return new LineInfo(
        offset, texts.at(file), texts.at(text), position >>> 10, position & 0x3ff, file, text);
  }

  private static CoreRelocation relocation(ByteCursor r, Btf btf, Texts texts) {
    int offset = r.s32();
    int type = r.s32();
    int access = r.s32();
    int kind = r.s32();
    if (kind < 0 || kind >= CoreRelocationKind.COUNT) {
      throw r.malformed("a CO-RE relocation of the unknown kind " + kind);
    }
    if (type < 0 || type >= btf.size()) {
      throw r.malformed("a CO-RE relocation of type " + type + ", which does not exist");
    }
    return new CoreRelocation(offset, type, texts.at(access), CoreRelocationKind.of(kind), access);
  }

  /** Strings, each made once: thousands of instructions share a line. */
  private record Texts(Btf btf, Map<Integer, String> known, long[] letters) {
    String at(int offset) {
      return known.computeIfAbsent(
          offset,
          o -> {
            String text = btf.string(o);
            letters[0] += text.length();
            if (letters[0] > 4L * btf.stringLimit() + (1 << 20)) {
              throw new BadDataException(btf.origin() + ": lines overlap among the strings");
            }
            return text;
          });
    }
  }
}
