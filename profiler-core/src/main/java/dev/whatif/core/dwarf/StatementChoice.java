package dev.whatif.core.dwarf;

/**
 * {@link LineRule#STATEMENT}: which rows gdb 13 keeps and then prefers, row by row in the order of
 * the program ({@code lnp_state_machine::record_line} and {@code dwarf_record_line_p} in
 * gdb/dwarf2/read.c, {@code find_pc_sect_line} in gdb/symtab.c).
 */
final class StatementChoice {

  private long lastAddress;
  private int lastFile = -1;
  private int lastLine;

  /** Whether a statement began at this address, in whatever row. */
  private boolean statementSeen;

  /** Whether a row of this address and file that was taken begins a statement. */
  private boolean statementTaken;

  /** Begins a sequence. */
  void reset() {
    lastAddress = 0;
    lastFile = -1;
    lastLine = 0;
    statementSeen = false;
    statementTaken = false;
  }

  /** Whether a row counts, then in place of others of its address. */
  boolean takes(long address, int file, int line, boolean statement, boolean discriminated) {
    if (address != lastAddress) {
      lastAddress = address;
      statementSeen = false;
      statementTaken = false;
    }
    boolean changed = file != lastFile;
    boolean ignored = line == 0 || (changed && !statement && statementSeen);
    statementSeen |= statement;
    if (ignored) {
      return false;
    }
    lastFile = file;
    // A line with discriminators is recorded once.
    if (!changed && line == lastLine && discriminated) {
      return false;
    }
    lastLine = line;
    statementTaken &= !changed;
    boolean taken = statement || !statementTaken;
    statementTaken |= statement;
    return taken;
  }
}
