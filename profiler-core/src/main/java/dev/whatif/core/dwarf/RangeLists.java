package dev.whatif.core.dwarf;

/**
 * Reads lists of address ranges: {@code .debug_ranges} until DWARF 4 (its 2.17.3), {@code
 * .debug_rnglists} since (DWARF 5, 2.17.3). Not safe for use by several threads.
 */
final class RangeLists {

  private static final int END_OF_LIST = 0;
  private static final int BASE_ADDRESSX = 1;
  private static final int STARTX_ENDX = 2;
  private static final int STARTX_LENGTH = 3;
  private static final int OFFSET_PAIR = 4;
  private static final int BASE_ADDRESS = 5;
  private static final int START_END = 6;
  private static final int START_LENGTH = 7;

  private final Unit unit;
  private final SectionReader r;

  /** How many entries may still be read: lists that share bytes cannot multiply the work. */
  private long budget;

  /** For the lists of one unit. */
  RangeLists(Unit unit) {
    this.unit = unit;
    this.r = unit.rangeReader();
    this.budget = 2 * r.size() + 1024;
  }

  /** Appends what an attribute DW_AT_ranges means. */
  void read(int form, long bits, Ranges out) {
    r.seek(unit.rangeOffset(form, bits, r));
    if (unit.header().version() >= 5) {
      readLists(out);
    } else {
      readPairs(out);
    }
  }

  private void readPairs(Ranges out) {
    int width = unit.header().addressSize();
    long select = width == 8 ? -1L : 0xffff_ffffL;
    long base = unit.lowPc();
    while (true) {
      spend();
      long start = r.unsigned(width);
      long end = r.unsigned(width);
      if (start == select) {
        base = end;
      } else if (start == 0 && end == 0) {
        return;
      } else if (!Ranges.isDiscarded(start) || base != 0) {
        out.add(base + start, base + end);
      }
    }
  }

  private void readLists(Ranges out) {
    int width = unit.header().addressSize();
    long base = unit.lowPc();
    while (true) {
      spend();
      int kind = r.u8();
      switch (kind) {
        case END_OF_LIST -> {
          return;
        }
        case BASE_ADDRESSX -> base = unit.address(r.uleb());
        case STARTX_ENDX -> {
          long start = unit.address(r.uleb());
          out.add(start, unit.address(r.uleb()));
        }
        case STARTX_LENGTH -> {
          long start = unit.address(r.uleb());
          out.add(start, start + r.uleb());
        }
        case OFFSET_PAIR -> {
          long start = r.uleb();
          long end = r.uleb();
          if (base != -1 && base != -2) {
            out.add(base + start, base + end);
          }
        }
        case BASE_ADDRESS -> base = r.unsigned(width);
        case START_END -> {
          long start = r.unsigned(width);
          out.add(start, r.unsigned(width));
        }
        case START_LENGTH -> {
          long start = r.unsigned(width);
          out.add(start, start + r.uleb());
        }
        default -> throw r.malformed("a range list entry of the unknown kind " + kind);
      }
    }
  }

  private void spend() {
    if (--budget < 0) {
      throw r.malformed("range lists that overlap each other too often");
    }
  }
}
