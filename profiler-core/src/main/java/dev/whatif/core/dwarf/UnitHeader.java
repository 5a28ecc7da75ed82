package dev.whatif.core.dwarf;

/**
 * The beginning of a unit in {@code .debug_info} (DWARF 5, 7.5.1).
 *
 * @param offset of the unit in its section
 * @param end offset behind its last byte
 * @param version of DWARF, 2 to 5 when {@link #supported()}
 * @param type DW_UT_*; DW_UT_compile before DWARF 5
 * @param addressSize bytes of an address
 * @param offsetSize bytes of a section offset: 4, or 8 in 64-bit DWARF
 * @param abbrevOffset of its abbreviations in {@code .debug_abbrev}
 * @param dwoId what ties a skeleton to its split unit, 0 when the header does not say
 * @param firstEntry offset of the root entry in the section
 */
record UnitHeader(
    long offset,
    long end,
    int version,
    int type,
    int addressSize,
    int offsetSize,
    long abbrevOffset,
    long dwoId,
    long firstEntry) {

  private static final int UT_COMPILE = 1;
  private static final int UT_TYPE = 2;
  private static final int UT_SKELETON = 4;
  private static final int UT_SPLIT_COMPILE = 5;
  private static final int UT_SPLIT_TYPE = 6;

  /** Reads the header at the reader's position; leaves the reader anywhere. */
  static UnitHeader read(SectionReader r) {
    long offset = r.position();
    long length = r.u32();
    int offsetSize = 4;
    if (length == 0xffff_ffffL) {
      length = r.u64();
      offsetSize = 8;
    } else if (length >= 0xffff_fff0L) {
      throw r.malformed("a unit with the reserved length 0x" + Long.toHexString(length));
    }
    if (length < 0 || length > r.remaining()) {
      throw r.malformed("a unit of " + length + " bytes, more than there are");
    }
    long end = r.position() + length;
    int version = length < 2 ? 0 : r.u16();
    if (version < 2 || version > 5) {
      return new UnitHeader(offset, end, version, 0, 0, offsetSize, 0, 0, end);
    }
    int type = UT_COMPILE;
    int addressSize;
    long abbrevOffset;
    if (version >= 5) {
      type = r.u8();
      addressSize = r.u8();
      abbrevOffset = r.unsigned(offsetSize);
    } else {
      abbrevOffset = r.unsigned(offsetSize);
      addressSize = r.u8();
    }
    long dwoId = 0;
    if (type == UT_SKELETON || type == UT_SPLIT_COMPILE) {
      dwoId = r.u64();
    }
    return new UnitHeader(
        offset, end, version, type, addressSize, offsetSize, abbrevOffset, dwoId, r.position());
  }

  /** Whether its entries can be read: an empty or future unit is passed over. */
  boolean supported() {
    return version >= 2 && (addressSize == 8 || addressSize == 4) && firstEntry <= end;
  }

  /** Type units describe types only: nothing leads from an address there. */
  boolean isType() {
    return type == UT_TYPE || type == UT_SPLIT_TYPE;
  }
}
