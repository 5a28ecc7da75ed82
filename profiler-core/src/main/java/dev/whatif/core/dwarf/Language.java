package dev.whatif.core.dwarf;

/** Source languages (DW_LANG_*, DWARF 5, table 7.17, and the list on dwarfstd.org). */
final class Language {

  private static final int C89 = 0x01;
  private static final int C = 0x02;
  private static final int C99 = 0x0c;
  private static final int C11 = 0x1d;
  private static final int C17 = 0x2c;
  private static final int MIPS_ASSEMBLER = 0x8001;

  private Language() {}

  /** Whether functions of the language never lie in namespaces or classes. */
  static boolean isPlain(int language) {
    return switch (language) {
      case C89, C, C99, C11, C17, MIPS_ASSEMBLER -> true;
      default -> false;
    };
  }
}
