package dev.whatif.core.elf;

import dev.whatif.core.failure.BadDataException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/**
 * Reads the function symbols of {@code .symtab} and {@code .dynsym} (System V ABI, chapter 4,
 * "Symbol Table").
 */
final class SymbolSections {

  private static final int ENTRY_BYTES = 24;
  private static final int STT_NOTYPE = 0;
  private static final int STT_FUNC = 2;
  private static final int STT_GNU_IFUNC = 10;
  private static final int STB_LOCAL = 0;
  private static final int STB_WEAK = 2;
  private static final int SHN_UNDEF = 0;
  private static final int SHN_LORESERVE = 0xff00;
  private static final int SHN_XINDEX = 0xffff;

  private SymbolSections() {}

  /** Adds everything that one file knows. */
  static void addTo(SymbolTableBuilder builder, ElfFile file) {
    addTables(builder, file);
    MiniDebugInfo.of(file).ifPresent(mini -> addTables(builder, mini));
    PltNames.addTo(builder, file);
  }

  private static void addTables(SymbolTableBuilder builder, ElfFile file) {
    if (file.type() == ElfFile.ET_REL) {
      return; // values are offsets in sections there, not addresses
    }
    addFirst(builder, file, Section.SHT_SYMTAB);
    addFirst(builder, file, Section.SHT_DYNSYM);
  }

  private static void addFirst(SymbolTableBuilder builder, ElfFile file, int type) {
    for (Section s : file.sections()) {
      if (s.type() == type) {
        add(builder, file, s);
        return;
      }
    }
  }

  private static void add(SymbolTableBuilder builder, ElfFile file, Section table) {
    int names = builder.strings(stringsOf(file, table));
    ByteCursor c = file.cursor(table);
    List<Section> sections = file.sections();
    for (long n = c.size() / ENTRY_BYTES; n > 0; n--) {
      long name = c.u32();
      int info = c.u8();
      c.skip(1);
      int index = c.u16();
      long value = c.u64();
      long size = c.u64();
      int type = info & 0xf;
      boolean function = type == STT_FUNC || type == STT_GNU_IFUNC;
      // Assembler code that nobody declared a function: a sized label in code.
      boolean label = type == STT_NOTYPE && size != 0;
      if ((!function && !label)
          || index == SHN_UNDEF
          || (index >= SHN_LORESERVE && index != SHN_XINDEX)
          || name == 0
          || name > Integer.MAX_VALUE) {
        continue;
      }
      Section section = index < sections.size() ? sections.get(index) : null;
      if (label && (section == null || (section.flags() & Section.SHF_EXECINSTR) == 0)) {
        continue;
      }
      long end = section == null ? -1 : section.address() + section.size();
      builder.add(value, size, end, binding(info >> 4), names, (int) name);
    }
  }

  /** The names of a symbol table, copied. */
  static byte[] stringsOf(ElfFile file, Section table) {
    if (table.link() < 0 || table.link() >= file.sections().size()) {
      throw new BadDataException(
          "%s: %s has its names in section %d, which does not exist"
              .formatted(file.name(), table.name(), table.link()));
    }
    MemorySegment bytes = file.bytes(file.sections().get(table.link()));
    return bytes.toArray(ValueLayout.JAVA_BYTE);
  }

  private static int binding(int elfBinding) {
    return switch (elfBinding) {
      case STB_LOCAL -> SymbolTableBuilder.LOCAL;
      case STB_WEAK -> SymbolTableBuilder.WEAK;
      default -> SymbolTableBuilder.GLOBAL;
    };
  }
}
