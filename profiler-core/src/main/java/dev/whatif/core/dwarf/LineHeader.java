package dev.whatif.core.dwarf;

/**
 * The header of a line program (DWARF 5, 6.2.4; DWARF 4, 6.2.4).
 *
 * @param end offset behind the program
 * @param program offset of its first instruction
 * @param minimumInstruction bytes by which addresses advance
 * @param maximumOperations per instruction, 1 but on VLIW machines
 * @param statements whether rows begin a statement until told otherwise (default_is_stmt)
 * @param lineBase smallest line advance of a special opcode
 * @param lineRange number of line advances of special opcodes
 * @param opcodeLengths number of operands of each standard opcode, index 0 unused; its length is
 *     the first special opcode
 * @param files by number
 */
@SuppressWarnings("ArrayRecordComponent") // read in place by LineProgram
record LineHeader(
    long end,
    long program,
    int minimumInstruction,
    int maximumOperations,
    boolean statements,
    int lineBase,
    int lineRange,
    int[] opcodeLengths,
    FileTable files) {

  private static final int LNCT_PATH = 1;
  private static final int LNCT_DIRECTORY_INDEX = 2;

  /** Reads the header at an offset; leaves the reader limited to the program. */
  static LineHeader read(SectionReader r, long offset, Unit unit) {
    r.limit(r.size()).seek(offset);
    long length = r.u32();
    int offsetSize = 4;
    if (length == 0xffff_ffffL) {
      length = r.u64();
      offsetSize = 8;
    }
    if (length < 0 || length > r.remaining()) {
      throw r.malformed("a line program of " + length + " bytes, more than there are");
    }
    long end = r.position() + length;
    r.limit(end);
    int version = r.u16();
    if (version < 2 || version > 5) {
      throw r.malformed("a line program of the unknown version " + version);
    }
    if (version >= 5) {
      r.skip(2); // address size and segment selector size
    }
    long headerLength = r.unsigned(offsetSize);
    if (headerLength < 0 || headerLength > r.remaining()) {
      throw r.malformed("a line program header of " + headerLength + " bytes");
    }
    long program = r.position() + headerLength;
    int minimumInstruction = r.u8();
    int maximumOperations = version >= 4 ? r.u8() : 1;
    boolean statements = r.u8() != 0;
    int lineBase = r.s8();
    int lineRange = r.u8();
    int[] opcodeLengths = new int[Math.max(1, r.u8())];
    for (int i = 1; i < opcodeLengths.length; i++) {
      opcodeLengths[i] = r.u8();
    }
    FileTable files = new FileTable(unit.compilationFolder(), version >= 5 ? 0 : 1);
    if (version >= 5) {
      readTable(r, unit, offsetSize, (path, folder) -> files.addFolder(path));
      readTable(r, unit, offsetSize, files::addFile);
    } else {
      readOldTables(r, files);
    }
    return new LineHeader(
        end,
        program,
        minimumInstruction,
        Math.max(1, maximumOperations),
        statements,
        lineBase,
        lineRange,
        opcodeLengths,
        files);
  }

  private static void readOldTables(SectionReader r, FileTable files) {
    for (String folder = r.cString(); !folder.isEmpty(); folder = r.cString()) {
      files.addFolder(folder);
    }
    for (String name = r.cString(); !name.isEmpty(); name = r.cString()) {
      files.addFile(name, r.ulebInt());
      r.uleb(); // time
      r.uleb(); // size
    }
  }

  /** Receives an entry of a table. */
  private interface Entries {
    void add(String path, int folder);
  }

  private static void readTable(SectionReader r, Unit unit, int offsetSize, Entries out) {
    int fields = r.u8();
    int[] types = new int[fields];
    int[] forms = new int[fields];
    for (int i = 0; i < fields; i++) {
      types[i] = r.ulebInt();
      forms[i] = r.ulebInt();
    }
    long count = r.uleb();
    if (count < 0 || count > r.remaining() || (fields == 0 && count > 0)) {
      throw r.malformed("a table of " + Long.toUnsignedString(count) + " names");
    }
    for (long n = 0; n < count; n++) {
      String path = "";
      int folder = 0;
      for (int i = 0; i < fields; i++) {
        switch (types[i]) {
          case LNCT_PATH -> path = readPath(r, unit, forms[i], offsetSize);
          case LNCT_DIRECTORY_INDEX -> folder = (int) readNumber(r, forms[i], offsetSize);
          default -> readNumber(r, forms[i], offsetSize);
        }
      }
      out.add(path, folder);
    }
  }

  private static String readPath(SectionReader r, Unit unit, int form, int offsetSize) {
    return form == Form.STRING ? r.cString() : unit.string(form, readNumber(r, form, offsetSize));
  }

  private static long readNumber(SectionReader r, int form, int offsetSize) {
    return switch (form) {
      case Form.DATA1, Form.STRX1 -> r.u8();
      case Form.DATA2, Form.STRX2 -> r.u16();
      case Form.STRX3 -> r.u24();
      case Form.DATA4, Form.STRX4 -> r.u32();
      case Form.DATA8 -> r.u64();
      case Form.UDATA, Form.STRX -> r.uleb();
      case Form.STRP, Form.LINE_STRP, Form.STRP_SUP, Form.SEC_OFFSET -> r.unsigned(offsetSize);
      case Form.DATA16 -> {
        r.skip(16);
        yield 0;
      }
      case Form.BLOCK -> {
        r.skip(r.uleb());
        yield 0;
      }
      case Form.STRING -> {
        r.skipCString();
        yield 0;
      }
      default -> throw r.malformed("a name of the unknown form 0x" + Integer.toHexString(form));
    };
  }
}
