package dev.whatif.core.dwarf;

/** The sections of DWARF 2 to 5 that lead from an address to a source line. */
enum SectionKind {
  ABBREV(".debug_abbrev"),
  ADDR(".debug_addr"),
  INFO(".debug_info"),
  LINE(".debug_line"),
  LINE_STR(".debug_line_str"),
  RANGES(".debug_ranges"),
  RNGLISTS(".debug_rnglists"),
  STR(".debug_str"),
  STR_OFFSETS(".debug_str_offsets");

  private final String sectionName;

  SectionKind(String sectionName) {
    this.sectionName = sectionName;
  }

  /** Name in an ELF file; in the files of split DWARF it ends in {@code .dwo}. */
  String sectionName() {
    return sectionName;
  }
}
