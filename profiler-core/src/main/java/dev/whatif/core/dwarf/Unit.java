package dev.whatif.core.dwarf;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A unit of {@code .debug_info}: its header, the attributes of its root entry, and what the values
 * inside it mean. Immutable and thread-safe.
 *
 * <p>A split unit takes addresses and, before DWARF 5, range lists from its skeleton (DWARF 5,
 * 3.1.3).
 */
final class Unit {

  private static final int SMALL_BUFFER_BYTES = 64;
  private static final Value NONE = new Value(0, 0);

  private final DebugFile file;
  private final UnitHeader header;
  private final Map<Integer, Value> root;
  private final @Nullable Unit skeleton;
  private volatile @Nullable Scopes scopes;

  private Unit(
      DebugFile file, UnitHeader header, Map<Integer, Value> root, @Nullable Unit skeleton) {
    this.file = file;
    this.header = header;
    this.root = root;
    this.skeleton = skeleton;
  }

  /** Reads the root entry of a unit. */
  static Unit read(DebugFile file, UnitHeader header, SectionReader r) {
    Map<Integer, Value> root = new HashMap<>();
    Abbreviations abbreviations = file.abbreviations(header);
    EntryReader entries = new EntryReader(r, header, abbreviations);
    entries.seek(header.firstEntry());
    int shape = entries.hasRemaining() ? entries.shape() : -1;
    if (shape >= 0) {
      for (int i = abbreviations.first(shape); i < abbreviations.first(shape + 1); i++) {
        entries.read(i);
        root.put(abbreviations.attribute(i), new Value(entries.form(), entries.bits()));
      }
    }
    return new Unit(file, header, root, null);
  }

  /** The same unit, tied to the skeleton that stands for it in the linked file. */
  Unit withSkeleton(Unit linked) {
    return new Unit(file, header, root, linked);
  }

  DebugFile file() {
    return file;
  }

  UnitHeader header() {
    return header;
  }

  /**
   * Its namespaces and classes; C has none. Read when first asked for.
   *
   * @throws dev.whatif.core.failure.BadDataException when its entries are damaged
   */
  Scopes scopes() {
    Scopes known = scopes;
    if (known == null) {
      known = Language.isPlain((int) number(Attribute.LANGUAGE, 0)) ? Scopes.NONE : Scopes.of(this);
      scopes = known;
    }
    return known;
  }

  /** Where its line program begins in {@code .debug_line}, or -1. */
  long lineProgram() {
    return number(Attribute.STMT_LIST, -1);
  }

  /** The folder that relative names start from; empty when unknown. */
  String compilationFolder() {
    return text(Attribute.COMP_DIR);
  }

  /** Name of the file that holds the split unit; empty when this is no skeleton. */
  String splitFile() {
    String name = text(Attribute.DWO_NAME);
    return name.isEmpty() ? text(Attribute.GNU_DWO_NAME) : name;
  }

  /** Where its table of string offsets begins, or -1 when it has none of its own. */
  long stringOffsetsBase() {
    return number(Attribute.STR_OFFSETS_BASE, file.sections().split() ? splitBase(8) : -1);
  }

  /** What ties skeleton and split unit together. */
  long splitId() {
    return header.dwoId() != 0 ? header.dwoId() : number(Attribute.GNU_DWO_ID, 0);
  }

  /** Base address of its range lists. */
  long lowPc() {
    if (skeleton != null) {
      return skeleton.lowPc();
    }
    Value low = root.get(Attribute.LOW_PC);
    return low == null ? 0 : address(low.form(), low.bits());
  }

  /** Whether it has lines but does not say for which addresses. */
  boolean isSilent() {
    return lineProgram() >= 0
        && !root.containsKey(Attribute.RANGES)
        && !root.containsKey(Attribute.HIGH_PC);
  }

  /** Appends the addresses that its root entry claims. */
  void ranges(Ranges out) {
    Value ranges = root.get(Attribute.RANGES);
    Value high = root.get(Attribute.HIGH_PC);
    if (ranges != null) {
      new RangeLists(this).read(ranges.form(), ranges.bits(), out);
    } else if (high != null) {
      long low = lowPc();
      boolean absolute = Form.isAddress(high.form());
      out.add(low, absolute ? address(high.form(), high.bits()) : low + high.bits());
    }
  }

  /** An address, whichever way it is written. */
  long address(int form, long bits) {
    return form != Form.ADDR && Form.isAddress(form) ? address(bits) : bits;
  }

  /** An address of {@code .debug_addr} by index. */
  long address(long index) {
    if (skeleton != null) {
      return skeleton.address(index);
    }
    long base = number(Attribute.ADDR_BASE, number(Attribute.GNU_ADDR_BASE, 0));
    SectionReader r = file.sections().reader(SectionKind.ADDR, SMALL_BUFFER_BYTES);
    return indexed(r, base, index, header.addressSize());
  }

  /** A text, wherever it lies; empty when the value is none. */
  String string(int form, long bits) {
    return switch (form) {
      case Form.STRING -> text(file, SectionKind.INFO, bits);
      case Form.STRP -> text(file, SectionKind.STR, bits);
      case Form.LINE_STRP -> text(file, SectionKind.LINE_STR, bits);
      case Form.STRX, Form.STRX1, Form.STRX2, Form.STRX3, Form.STRX4, Form.GNU_STR_INDEX -> {
        SectionReader r = file.sections().reader(SectionKind.STR_OFFSETS, SMALL_BUFFER_BYTES);
        long offset =
            indexed(r, number(Attribute.STR_OFFSETS_BASE, splitBase(8)), bits, header.offsetSize());
        yield text(file, SectionKind.STR, offset);
      }
      case Form.STRP_SUP, Form.GNU_STRP_ALT -> {
        DebugFile other = file.supplementary();
        yield other == null ? "" : text(other, SectionKind.STR, bits);
      }
      default -> "";
    };
  }

  /** The entry that a reference means, or null when it lies in a file that is not there. */
  @Nullable Entry reference(int form, long bits) {
    return switch (form) {
      case Form.REF1, Form.REF2, Form.REF4, Form.REF8, Form.REF_UDATA ->
          new Entry(this, header.offset() + bits);
      case Form.REF_ADDR -> Entry.at(file, bits);
      case Form.GNU_REF_ALT, Form.REF_SUP4, Form.REF_SUP8 -> Entry.at(file.supplementary(), bits);
      default -> null;
    };
  }

  /** Offset of the entry that a reference means, 0 when it lies in another file. */
  long offsetInFile(int form, long bits) {
    return switch (form) {
      case Form.REF1, Form.REF2, Form.REF4, Form.REF8, Form.REF_UDATA -> header.offset() + bits;
      case Form.REF_ADDR -> bits;
      default -> 0;
    };
  }

  /** A reader of the section that holds this unit's range lists. */
  SectionReader rangeReader() {
    if (header.version() >= 5) {
      return file.sections().reader(SectionKind.RNGLISTS, 256);
    }
    DebugFile holder = skeleton != null ? skeleton.file : file;
    return holder.sections().reader(SectionKind.RANGES, 256);
  }

  /** Where a list begins in that section. */
  long rangeOffset(int form, long bits, SectionReader r) {
    if (form == Form.RNGLISTX) {
      long base = number(Attribute.RNGLISTS_BASE, splitBase(12));
      return base + indexed(r, base, bits, header.offsetSize());
    }
    // In GNU's split DWARF 4 the skeleton's base counts for the split unit only.
    return skeleton != null && header.version() < 5
        ? bits + skeleton.number(Attribute.GNU_RANGES_BASE, 0)
        : bits;
  }

  private String text(int attribute) {
    Value v = root.getOrDefault(attribute, NONE);
    String own = string(v.form(), v.bits());
    return own.isEmpty() && skeleton != null ? skeleton.text(attribute) : own;
  }

  private long number(int attribute, long otherwise) {
    Value v = root.get(attribute);
    return v == null ? otherwise : v.bits();
  }

  /**
   * In split files the bases of DWARF 5 are not written: the first table begins behind its header
   * (DWARF 5, 7.26 and 7.28), which grows by 8 bytes in 64-bit DWARF. GNU's DWARF 4 has no headers.
   */
  private long splitBase(int headerBytes) {
    return file.sections().split() && header.version() >= 5
        ? headerBytes + (header.offsetSize() == 8 ? 8 : 0)
        : 0;
  }

  private static long indexed(SectionReader r, long base, long index, int width) {
    if (index < 0 || index > r.size() / width) {
      throw r.malformed("a table entry " + Long.toUnsignedString(index));
    }
    return r.seek(base + index * width).unsigned(width);
  }

  private static String text(DebugFile holder, SectionKind kind, long offset) {
    return holder.sections().reader(kind, SMALL_BUFFER_BYTES).seek(offset).cString();
  }
}
