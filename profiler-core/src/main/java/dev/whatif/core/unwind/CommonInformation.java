package dev.whatif.core.unwind;

import dev.whatif.core.elf.ByteCursor;

/**
 * A common information entry: what several functions' descriptions share (DWARF 5, section 6.4.1;
 * LSB core, chapter 10.6.1 for {@code .eh_frame}).
 *
 * @param codeFactor what code advances are multiplied with
 * @param dataFactor what factored offsets are multiplied with
 * @param hasAugmentationData whether descriptions carry a length and data ('z')
 * @param pointerEncoding DW_EH_PE of code addresses ('R')
 * @param signalFrame whether the code is a signal trampoline ('S')
 * @param begin section offset of the initial instructions
 * @param end section offset behind them
 */
record CommonInformation(
    long codeFactor,
    long dataFactor,
    boolean hasAugmentationData,
    int pointerEncoding,
    boolean signalFrame,
    long begin,
    long end) {

  private static final int RETURN_ADDRESS_COLUMN = 16;

  /**
   * Reads the entry from its version byte on.
   *
   * @param c behind length and id
   * @param end section offset behind the entry
   */
  static CommonInformation read(ByteCursor c, long end) {
    int version = c.u8();
    if (version != 1 && version != 3 && version != 4) {
      throw c.malformed("a CIE of unknown version " + version);
    }
    String augmentation = c.cString();
    if (augmentation.startsWith("eh")) {
      // gcc 2: the address of an exception table follows.
      c.skip(Long.BYTES);
      augmentation = augmentation.substring(2);
    }
    if (version == 4) {
      int addressSize = c.u8();
      int segmentSize = c.u8();
      if (addressSize != Long.BYTES || segmentSize != 0) {
        throw c.malformed(
            "a CIE for addresses of " + addressSize + " bytes, segments of " + segmentSize);
      }
    }
    long codeFactor = c.uleb();
    long dataFactor = c.sleb();
    long returnColumn = version == 1 ? c.u8() : c.uleb();
    if (returnColumn != RETURN_ADDRESS_COLUMN) {
      throw c.malformed("a CIE whose return address is column " + returnColumn);
    }
    boolean hasData = augmentation.startsWith("z");
    int encoding = PointerEncoding.ABSOLUTE;
    boolean signal = false;
    long begin = -1;
    if (hasData) {
      long length = c.uleb();
      if (length < 0 || length > end - c.position()) {
        throw c.malformed("augmentation data of " + length + " bytes");
      }
      begin = c.position() + length;
    }
    for (int i = hasData ? 1 : 0; i < augmentation.length(); i++) {
      switch (augmentation.charAt(i)) {
        case 'R' -> encoding = c.u8();
        case 'P' -> PointerEncoding.skip(c, c.u8());
        case 'L' -> c.skip(1);
        case 'S' -> signal = true;
        case 'B' -> {
          // aarch64 return address signing; means nothing here and has no data
        }
        default -> {
          if (!hasData) {
            throw c.malformed("a CIE of unknown augmentation \"" + augmentation + "\"");
          }
          // The length of the data is known: what follows an unknown letter is skipped.
          i = augmentation.length();
        }
      }
    }
    if (begin < 0) {
      begin = c.position();
    }
    if (begin > end || c.position() > begin) {
      throw c.malformed("a CIE that is longer than its length");
    }
    return new CommonInformation(codeFactor, dataFactor, hasData, encoding, signal, begin, end);
  }
}
