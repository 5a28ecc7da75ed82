package dev.whatif.core.elf;

import dev.whatif.core.failure.BadDataException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.jspecify.annotations.Nullable;

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
  private static final int SHT_GNU_VERSYM = 0x6fff_ffff;
  private static final int VERSYM_HIDDEN = 0x8000;
  private static final int MAX_NAME_BYTES = 4096;

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
    byte[] strings = stringsOf(file, table);
    int names = builder.strings(strings);
    ByteCursor c = file.cursor(table);
    ByteCursor versions = table.type() == Section.SHT_DYNSYM ? versions(file) : null;
    List<Section> sections = file.sections();
    long count = c.size() / ENTRY_BYTES;
    for (long i = 0; i < count; i++) {
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
      boolean old = isHidden(versions, i) || hasOldVersion(strings, (int) name);
      builder.add(
          value, size, end, old ? SymbolTableBuilder.OLD : binding(info >> 4), names, (int) name);
    }
  }

  /** The versions of the dynamic symbols (LSB core, chapter 10.7.2), or null. */
  private static @Nullable ByteCursor versions(ElfFile file) {
    for (Section s : file.sections()) {
      if (s.type() == SHT_GNU_VERSYM) {
        return file.cursor(s);
      }
    }
    return null;
  }

  /** Whether the linker binds no new program to it. */
  private static boolean isHidden(@Nullable ByteCursor versions, long symbol) {
    return versions != null
        && (symbol + 1) * Short.BYTES <= versions.size()
        && (versions.seek(symbol * Short.BYTES).u16() & VERSYM_HIDDEN) != 0;
  }

  /**
   * In .symtab the linker writes the version into the name: f@@V is the current one, f@V is old.
   */
  private static boolean hasOldVersion(byte[] strings, int name) {
    int end = Math.min(strings.length, name + MAX_NAME_BYTES);
    for (int at = name; at < end && strings[at] != 0; at++) {
      if (strings[at] == '@') {
        return at > name && at + 1 < end && strings[at + 1] != '@';
      }
    }
    return false;
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
