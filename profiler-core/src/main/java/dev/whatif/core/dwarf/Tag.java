package dev.whatif.core.dwarf;

/** What an entry describes: the DW_TAG_* that matter here (DWARF 5, table 7.3). */
final class Tag {

  static final int ENTRY_POINT = 0x03;
  static final int INLINED_SUBROUTINE = 0x1d;
  static final int SUBPROGRAM = 0x2e;

  private Tag() {}

  /** Whether entries of this kind own code and a name. */
  static boolean isFunction(int tag) {
    return tag == SUBPROGRAM || tag == INLINED_SUBROUTINE || tag == ENTRY_POINT;
  }
}
