package dev.whatif.core.dwarf;

import dev.whatif.core.failure.BadDataException;

/**
 * Reads the entries (DIEs) of one unit: codes, then attribute values in the order of their shape.
 *
 * <p>A value is a form and 64 bits; what the bits mean is {@link Unit}'s business. Not safe for use
 * by several threads.
 */
final class EntryReader {

  private final SectionReader r;
  private final UnitHeader header;
  private final Abbreviations abbreviations;
  private int form;
  private long bits;

  EntryReader(SectionReader r, UnitHeader header, Abbreviations abbreviations) {
    this.r = r;
    this.header = header;
    this.abbreviations = abbreviations;
    r.limit(header.end());
  }

  /** Moves to an entry. */
  void seek(long offset) {
    if (offset < header.firstEntry()) {
      throw r.malformed("a reference to offset 0x" + Long.toHexString(offset));
    }
    r.seek(offset);
  }

  boolean hasRemaining() {
    return r.hasRemaining();
  }

  long position() {
    return r.position();
  }

  /** The shape of the entry at the position, or -1 for the null entry that ends siblings. */
  int shape() {
    long code = r.uleb();
    if (code == 0) {
      return -1;
    }
    int shape = abbreviations.shape(code);
    if (shape < 0) {
      throw r.malformed("an entry with the undefined abbreviation " + code);
    }
    return shape;
  }

  /** Passes over all attributes of an entry whose code has been read. */
  void skipEntry(int shape) {
    int size = abbreviations.size(shape);
    if (size >= 0) {
      r.skip(size);
      return;
    }
    int end = abbreviations.first(shape + 1);
    for (int i = abbreviations.first(shape); i < end; i++) {
      read(i);
    }
  }

  /** Reads the value of the shape's attribute at the position. */
  void read(int index) {
    form = abbreviations.form(index);
    if (form == Form.IMPLICIT_CONST) {
      bits = abbreviations.constant(index);
    } else {
      readForm();
    }
  }

  /** The form of the value read last. */
  int form() {
    return form;
  }

  /**
   * The value read last: a number, an index, an offset; for text and blocks inside the entry the
   * offset of their first byte.
   */
  long bits() {
    return bits;
  }

  /** The error for damage found at the current position. */
  BadDataException malformed(String what) {
    return r.malformed(what);
  }

  private void readForm() {
    if (form == Form.INDIRECT) {
      form = r.ulebInt();
      if (form == Form.INDIRECT || form == Form.IMPLICIT_CONST) {
        throw r.malformed("a form that only names another form");
      }
    }
    switch (form) {
      case Form.STRING -> {
        bits = r.position();
        r.skipCString();
      }
      case Form.BLOCK, Form.EXPRLOC -> block(r.uleb());
      case Form.BLOCK1 -> block(r.u8());
      case Form.BLOCK2 -> block(r.u16());
      case Form.BLOCK4 -> block(r.u32());
      case Form.DATA16 -> block(16);
      case Form.SDATA -> bits = r.sleb();
      case Form.UDATA,
          Form.REF_UDATA,
          Form.STRX,
          Form.ADDRX,
          Form.LOCLISTX,
          Form.RNGLISTX,
          Form.GNU_ADDR_INDEX,
          Form.GNU_STR_INDEX ->
          bits = r.uleb();
      case Form.STRX3, Form.ADDRX3 -> bits = r.u24();
      case Form.FLAG_PRESENT -> bits = 1;
      default -> {
        int size = Form.fixedSize(form, header);
        if (size < 0) {
          throw r.malformed("an attribute of the unknown form 0x" + Integer.toHexString(form));
        }
        bits = r.unsigned(size);
      }
    }
  }

  private void block(long size) {
    bits = r.position();
    r.skip(size);
  }
}
