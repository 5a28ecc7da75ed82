package dev.whatif.core.dwarf;

/** What an entry describes: the DW_TAG_* that matter here (DWARF 5, table 7.3). */
final class Tag {

  static final int ENTRY_POINT = 0x03;
  static final int INLINED_SUBROUTINE = 0x1d;
  static final int SUBPROGRAM = 0x2e;
  private static final int CLASS_TYPE = 0x02;
  private static final int STRUCTURE_TYPE = 0x13;
  private static final int UNION_TYPE = 0x17;
  static final int NAMESPACE = 0x39;

  private Tag() {}

  /** Whether names of entries inside are qualified by it. */
  static boolean isScope(int tag) {
    return tag == NAMESPACE || tag == STRUCTURE_TYPE || tag == CLASS_TYPE || tag == UNION_TYPE;
  }

  /** Whether entries of this kind own code and a name. */
  static boolean isFunction(int tag) {
    return tag == SUBPROGRAM || tag == INLINED_SUBROUTINE || tag == ENTRY_POINT;
  }
}
