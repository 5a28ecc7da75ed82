package dev.whatif.core.dwarf;

/** Runs a line number program (DWARF 5, 6.2.5) and hands out its rows. */
final class LineProgram {

  private static final int LNS_COPY = 1;
  private static final int LNS_ADVANCE_PC = 2;
  private static final int LNS_ADVANCE_LINE = 3;
  private static final int LNS_SET_FILE = 4;
  private static final int LNS_NEGATE_STATEMENT = 6;
  private static final int LNS_CONST_ADD_PC = 8;
  private static final int LNS_FIXED_ADVANCE_PC = 9;
  private static final int LNE_END_SEQUENCE = 1;
  private static final int LNE_SET_ADDRESS = 2;
  private static final int LNE_DEFINE_FILE = 3;
  private static final int LNE_SET_DISCRIMINATOR = 4;

  private final SectionReader r;
  private final LineHeader header;
  private final LineSink rows;
  private long address;
  private int operation;
  private int file;
  private int line;
  private boolean statement;
  private long discriminator;
  private boolean discriminated;

  private LineProgram(SectionReader r, LineHeader header, LineSink rows) {
    this.r = r;
    this.header = header;
    this.rows = rows;
  }

  /** Runs the program whose header the reader has just passed. */
  static void run(SectionReader r, LineHeader header, LineSink rows) {
    new LineProgram(r, header, rows).run();
  }

  private void run() {
    r.seek(header.program());
    reset();
    int firstSpecial = header.opcodeLengths().length;
    while (r.hasRemaining()) {
      int opcode = r.u8();
      if (opcode >= firstSpecial) {
        special(opcode - firstSpecial);
      } else if (opcode == 0) {
        extended();
      } else {
        standard(opcode);
      }
    }
  }

  private void reset() {
    address = 0;
    operation = 0;
    file = 1;
    line = 1;
    statement = header.statements();
    discriminator = 0;
    discriminated = false;
  }

  private void special(int adjusted) {
    int range = lineRange();
    advance(adjusted / range);
    advanceLine(header.lineBase() + adjusted % range);
    row();
  }

  private void standard(int opcode) {
    switch (opcode) {
      case LNS_COPY -> row();
      case LNS_ADVANCE_PC -> advance(r.uleb());
      case LNS_ADVANCE_LINE -> advanceLine((int) r.sleb());
      case LNS_SET_FILE -> file = r.ulebInt();
      case LNS_NEGATE_STATEMENT -> statement = !statement;
      case LNS_CONST_ADD_PC -> advance((255 - header.opcodeLengths().length) / lineRange());
      case LNS_FIXED_ADVANCE_PC -> {
        address += r.u16();
        operation = 0;
      }
      // Columns, marks of blocks, instruction sets, and what the future brings.
      default -> {
        for (int i = header.opcodeLengths()[opcode]; i > 0; i--) {
          r.uleb();
        }
      }
    }
  }

  private void extended() {
    long length = r.uleb();
    if (length <= 0 || length > r.remaining()) {
      throw r.malformed("an extended opcode of " + length + " bytes");
    }
    long end = r.position() + length;
    switch (r.u8()) {
      case LNE_END_SEQUENCE -> {
        rows.endSequence(address);
        reset();
      }
      case LNE_SET_ADDRESS -> {
        address = r.unsigned((int) Math.min(length - 1, 9));
        operation = 0;
      }
      case LNE_DEFINE_FILE -> header.files().addFile(r.cString(), r.ulebInt());
      case LNE_SET_DISCRIMINATOR -> {
        discriminator = r.uleb();
        discriminated |= discriminator != 0;
      }
      default -> {} // the unknown
    }
    r.seek(end);
  }

  private void row() {
    rows.row(address, file, line, statement, discriminated);
    discriminator = 0;
  }

  private void advanceLine(int lines) {
    line += lines;
    if (lines != 0) {
      discriminated = discriminator != 0;
    }
  }

  private void advance(long operations) {
    long total = operation + operations;
    int perInstruction = header.maximumOperations();
    address += header.minimumInstruction() * (total / perInstruction);
    operation = (int) (total % perInstruction);
  }

  private int lineRange() {
    if (header.lineRange() == 0) {
      throw r.malformed("a special opcode although the line range is 0");
    }
    return header.lineRange();
  }
}
