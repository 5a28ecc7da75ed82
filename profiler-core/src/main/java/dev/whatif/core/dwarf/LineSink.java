package dev.whatif.core.dwarf;

/** Receives the rows of a line program in its order. */
interface LineSink {

  /**
   * A row.
   *
   * @param statement whether a statement begins there
   * @param discriminated whether the line has had a discriminator since it became the current one
   */
  void row(long address, int file, int line, boolean statement, boolean discriminated);

  /** Ends a sequence of rows at the address behind its last byte. */
  void endSequence(long address);
}
