package dev.whatif.core.dwarf;

import java.util.Arrays;

/** Walks over all entries of a unit and collects the functions that own code. */
final class FunctionScan {

  /** No function around here. */
  private static final int NONE = -1;

  /** Inside a function that the linker threw away: nothing in here is real. */
  private static final int DISCARDED = -2;

  private final Unit unit;
  private final Abbreviations shapes;
  private final EntryReader r;
  private final RangeLists rangeLists;
  private final Ranges ranges = new Ranges();
  private final FunctionTree tree = new FunctionTree();

  /** The function around the entries of each level. */
  private int[] around = new int[64];

  private int level;

  /** How many attributes may still be read: shapes full of empty attributes cost no bytes. */
  private long budget;

  private FunctionScan(Unit unit) {
    this.unit = unit;
    UnitHeader header = unit.header();
    this.shapes = unit.file().abbreviations(header);
    this.r = new EntryReader(unit.file().sections().reader(SectionKind.INFO), header, shapes);
    this.rangeLists = new RangeLists(unit);
    this.budget = 64 * (header.end() - header.offset());
  }

  static FunctionTree of(Unit unit) {
    FunctionScan scan = new FunctionScan(unit);
    scan.run();
    return scan.tree;
  }

  private void run() {
    r.seek(unit.header().firstEntry());
    around[0] = NONE;
    while (r.hasRemaining()) {
      long entry = r.position();
      int shape = r.shape();
      if (shape < 0) {
        if (--level <= 0) {
          return;
        }
        continue;
      }
      int inside = around[level];
      if (Tag.isFunction(shapes.tag(shape)) && inside != DISCARDED) {
        inside = function(entry, shape, inside);
      } else {
        spend(shape);
        r.skipEntry(shape);
      }
      if (shapes.hasChildren(shape)) {
        enter(inside);
      } else if (level == 0) {
        return;
      }
    }
  }

  private void enter(int inside) {
    if (++level == around.length) {
      around = Arrays.copyOf(around, level * 2);
    }
    around[level] = inside;
  }

  /** Reads a function's entry; the function that its children lie in. */
  private int function(long entry, int shape, int outer) {
    spend(shape);
    ranges.clear();
    long low = 0;
    long high = 0;
    boolean hasCode = false;
    boolean absolute = false;
    int callFile = 0;
    int callLine = 0;
    long begin = 0;
    boolean beginIsAddress = false;
    long origin = 0;
    int end = shapes.first(shape + 1);
    for (int i = shapes.first(shape); i < end; i++) {
      r.read(i);
      switch (shapes.attribute(i)) {
        case Attribute.LOW_PC -> low = unit.address(r.form(), r.bits());
        case Attribute.HIGH_PC -> {
          hasCode = true;
          absolute = Form.isAddress(r.form());
          high = unit.address(r.form(), r.bits());
        }
        case Attribute.RANGES -> {
          hasCode = true;
          rangeLists.read(r.form(), r.bits(), ranges);
        }
        case Attribute.ENTRY_PC -> {
          beginIsAddress = Form.isAddress(r.form());
          begin = unit.address(r.form(), r.bits());
        }
        case Attribute.ABSTRACT_ORIGIN -> origin = unit.offsetInFile(r.form(), r.bits());
        case Attribute.CALL_FILE -> callFile = (int) r.bits();
        case Attribute.CALL_LINE -> callLine = (int) r.bits();
        default -> {}
      }
    }
    if (high != 0 && ranges.isEmpty()) {
      ranges.add(low, absolute ? high : low + high);
    }
    boolean inlined = shapes.tag(shape) == Tag.INLINED_SUBROUTINE && outer >= 0;
    if (ranges.isEmpty()) {
      return hasCode && !inlined ? DISCARDED : inlined ? outer : NONE;
    }
    if (inlined && tree.depth(outer) >= FunctionTree.MAX_DEPTH) {
      return outer;
    }
    if (begin != 0 && !beginIsAddress) {
      begin += low != 0 ? low : ranges.start(0); // DWARF 5, 2.18
    }
    int node =
        tree.add(
            entry,
            inlined ? outer : -1,
            callFile,
            callLine,
            ranges,
            ranges.covers(begin) ? begin : 0);
    if (shapes.tag(shape) == Tag.INLINED_SUBROUTINE) {
      tree.origin(node, origin);
    }
    return node;
  }

  private void spend(int shape) {
    budget -= shapes.first(shape + 1) - shapes.first(shape);
    if (budget < 0) {
      throw r.malformed("entries with more attributes than bytes");
    }
  }
}
