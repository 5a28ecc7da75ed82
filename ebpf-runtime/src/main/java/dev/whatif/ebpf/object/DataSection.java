package dev.whatif.ebpf.object;

import dev.whatif.core.elf.Section;

/**
 * A section of global data.
 *
 * @param index of the section, -1 for {@code .kconfig}, which has none
 * @param map the map it becomes
 */
record DataSection(int index, MapDefinition map) {

  /** More in one object is refused: what a damaged one asks for shall not fill the heap. */
  static final int MAX_BYTES = 256 << 20;

  /**
   * Whether a section holds data that programs use: {@code .data*}, {@code .rodata*}, {@code
   * .bss*}.
   */
  static boolean isData(Section section) {
    return section.size() != 0
        && (section.type() == Section.SHT_NOBITS
            ? isNamed(section, ".bss")
            : section.type() == Section.SHT_PROGBITS
                && (section.flags() & Section.SHF_EXECINSTR) == 0
                && (isNamed(section, ".data") || isNamed(section, ".rodata")));
  }

  static boolean isReadOnly(Section section) {
    return isNamed(section, ".rodata");
  }

  /** The bytes it begins with; its size was checked. */
  static byte[] bytes(ObjectFile file, Section section) {
    return section.type() == Section.SHT_NOBITS
        ? new byte[(int) section.size()]
        : file.bytes(section);
  }

  private static boolean isNamed(Section section, String name) {
    return section.name().equals(name) || section.name().startsWith(name + ".");
  }
}
