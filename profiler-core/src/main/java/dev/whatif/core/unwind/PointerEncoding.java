package dev.whatif.core.unwind;

import dev.whatif.core.elf.ByteCursor;

/** Reads DW_EH_PE pointers (LSB core, "DWARF Exception Header Encoding"). */
final class PointerEncoding {

  static final int ABSOLUTE = 0x00;
  static final int OMIT = 0xff;

  private static final int FORMAT = 0x0f;
  private static final int APPLICATION = 0x70;
  private static final int PC_RELATIVE = 0x10;
  private static final int DATA_RELATIVE = 0x30;
  private static final int ALIGNED = 0x50;
  private static final int INDIRECT = 0x80;

  private PointerEncoding() {}

  /**
   * A pointer to code or data.
   *
   * @param sectionAddress where the cursor's byte 0 is loaded, for pc-relative pointers
   * @param dataBase what data-relative pointers count from: the begin of {@code .eh_frame_hdr}
   */
  static long read(ByteCursor c, int encoding, long sectionAddress, long dataBase) {
    if ((encoding & INDIRECT) != 0) {
      throw c.malformed(
          "an indirect pointer (encoding 0x" + Integer.toHexString(encoding) + ") to code");
    }
    int application = encoding & APPLICATION;
    if (application == ALIGNED) {
      c.skip(-(sectionAddress + c.position()) & 7);
    }
    long position = sectionAddress + c.position();
    long value = value(c, encoding);
    return switch (application) {
      case 0, ALIGNED -> value;
      case PC_RELATIVE -> position + value;
      case DATA_RELATIVE -> dataBase + value;
      default -> throw unknown(c, encoding);
    };
  }

  /** Only the number, as ranges are stored. */
  static long value(ByteCursor c, int encoding) {
    return switch (encoding & FORMAT) {
      case 0x0, 0x4, 0xc -> c.u64();
      case 0x1 -> c.uleb();
      case 0x2 -> c.u16();
      case 0x3 -> c.u32();
      case 0x9 -> c.sleb();
      case 0xa -> (short) c.u16();
      case 0xb -> c.s32();
      default -> throw unknown(c, encoding);
    };
  }

  /** Moves behind a pointer that nobody needs, which may be indirect. */
  static void skip(ByteCursor c, int encoding) {
    if (encoding == OMIT) {
      return;
    }
    if ((encoding & APPLICATION) == ALIGNED) {
      throw unknown(c, encoding);
    }
    value(c, encoding);
  }

  private static RuntimeException unknown(ByteCursor c, int encoding) {
    return c.malformed("a pointer of unknown encoding 0x" + Integer.toHexString(encoding));
  }
}
