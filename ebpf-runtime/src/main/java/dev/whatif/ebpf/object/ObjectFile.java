package dev.whatif.ebpf.object;

import dev.whatif.core.elf.ByteCursor;
import dev.whatif.core.elf.ElfFile;
import dev.whatif.core.elf.Section;
import dev.whatif.core.failure.BadDataException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The ELF side of an object: sections by index, symbols, relocations.
 *
 * <p>Bounded: all that it hands out together is at most a few times the file, so that sections that
 * overlap each other cannot multiply it.
 */
final class ObjectFile {

  private static final int EM_BPF = 247;
  private static final int SHT_REL = 9;
  private static final int SYMBOL_BYTES = 24;
  private static final int RELOCATION_BYTES = 16;
  private static final int MAX_NAME_BYTES = 4096;
  private static final int MAX_SYMBOL_NAMES = 16;

  private final String name;
  private final ElfFile elf;
  private final List<ObjectSymbol> symbols = new ArrayList<>();
  private final Map<Integer, List<ObjectSymbol>> functions = new HashMap<>();
  private final Map<Integer, List<Section>> relocationSections = new HashMap<>();
  private long budget;

  ObjectFile(String name, byte[] bytes) {
    ObjectBytes.requireLittleEndianElf(name, bytes);
    this.name = name;
    this.elf = ElfFile.of(MemorySegment.ofArray(bytes), name);
    this.budget = 8L * bytes.length;
    int machine = bytes[18] & 0xff | (bytes[19] & 0xff) << 8;
    if (machine != EM_BPF || elf.type() != ElfFile.ET_REL) {
      throw new BadDataException(
          name + ": not a BPF object (ELF machine " + machine + ", type " + elf.type() + ")",
          "compile with clang -target bpf -O2 -g -c");
    }
    int table = indexOfType(Section.SHT_SYMTAB);
    if (table > 0) {
      readSymbols(elf.sections().get(table));
    }
    for (Section section : elf.sections()) {
      if (section.type() == SHT_REL) {
        relocationSections.computeIfAbsent(section.info(), s -> new ArrayList<>()).add(section);
      }
    }
  }

  String name() {
    return name;
  }

  List<Section> sections() {
    return elf.sections();
  }

  List<ObjectSymbol> symbols() {
    return symbols;
  }

  /** The functions of a section, in the table's order. */
  List<ObjectSymbol> functions(int section) {
    return functions.getOrDefault(section, List.of());
  }

  /** What changes a section, in the file's order. Read when asked: debuggers' have thousands. */
  List<ObjectRelocation> relocations(int section) {
    List<ObjectRelocation> list = new ArrayList<>();
    for (Section table : relocationSections.getOrDefault(section, List.of())) {
      readRelocations(table, list);
    }
    return list;
  }

  /** The name of a section, for errors also where there is none. */
  String sectionName(int index) {
    return index < elf.sections().size() ? elf.sections().get(index).name() : "section " + index;
  }

  /** The first section of that name with bytes in the file. */
  Optional<byte[]> bytes(String section) {
    return elf.section(section).map(this::bytes);
  }

  /** A section's bytes, copied. */
  byte[] bytes(Section section) {
    if ((section.flags() & Section.SHF_COMPRESSED) != 0) {
      throw bad(section.name(), 0, "is compressed");
    }
    MemorySegment bytes = elf.bytes(section);
    budget -= bytes.byteSize();
    if (budget < 0) {
      throw bad(section.name(), section.offset(), "lies in the file where others lie");
    }
    return bytes.toArray(ValueLayout.JAVA_BYTE);
  }

  /** The error for damage in a section. */
  BadDataException bad(String section, long offset, String what) {
    return new BadDataException("%s: %s: offset 0x%x: %s".formatted(name, section, offset, what));
  }

  private int indexOfType(int type) {
    for (int i = 0; i < elf.sections().size(); i++) {
      if (elf.sections().get(i).type() == type) {
        return i;
      }
    }
    return -1;
  }

  private void readSymbols(Section table) {
    if (table.link() < 0 || table.link() >= elf.sections().size()) {
      throw bad(table.name(), 0, "its names are in section " + table.link() + ", which is not");
    }
    ByteCursor names = elf.cursor(elf.sections().get(table.link()));
    ByteCursor c = elf.cursor(table);
    // Names may share bytes, but not without a limit.
    long letters = (long) MAX_SYMBOL_NAMES * names.size() + MAX_NAME_BYTES;
    for (int i = 0; c.remaining() >= SYMBOL_BYTES; i++) {
      long at = c.u32();
      int info = c.u8();
      int other = c.u8();
      int section = c.u16();
      long value = c.u64();
      long size = c.u64();
      String text = at == 0 ? "" : text(names, at);
      letters -= text.length();
      if (letters < 0) {
        throw bad(table.name(), c.position(), "the names of symbols overlap");
      }
      if ((info & 0xf) == 3 /* STT_SECTION */ && text.isEmpty()) {
        text = sectionName(section);
      }
      ObjectSymbol symbol = new ObjectSymbol(i, text, section, value, size, info, other);
      symbols.add(symbol);
      if (symbol.isFunction()) {
        functions.computeIfAbsent(section, s -> new ArrayList<>()).add(symbol);
      }
    }
  }

  private static String text(ByteCursor names, long at) {
    names.seek(at);
    byte[] text = new byte[(int) Math.min(MAX_NAME_BYTES, names.remaining())];
    for (int i = 0; i < text.length; i++) {
      text[i] = names.s8();
      if (text[i] == 0) {
        return new String(text, 0, i, java.nio.charset.StandardCharsets.UTF_8);
      }
    }
    throw names.seek(at).malformed("a symbol's name without an end");
  }

  private void readRelocations(Section section, List<ObjectRelocation> list) {
    ByteCursor c = elf.cursor(section);
    budget -= c.size();
    if (budget < 0) {
      throw bad(section.name(), 0, "lies in the file where others lie");
    }
    while (c.remaining() >= RELOCATION_BYTES) {
      long at = c.position();
      long offset = c.u64();
      long info = c.u64();
      int symbol = (int) (info >>> 32);
      if (symbol < 0 || symbol >= symbols.size()) {
        throw bad(section.name(), at, "names symbol " + symbol + ", which does not exist");
      }
      list.add(new ObjectRelocation(offset, (int) info, symbols.get(symbol)));
    }
  }
}
