package dev.whatif.core.elf;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Names the entries of procedure linkage tables, which have no symbols: {@code puts@plt}.
 *
 * <p>An entry is recognised by its instructions, so that lazy, {@code -z now}, IBT ({@code
 * .plt.sec}) and {@code .plt.got} forms all work (x86-64 psABI, 5.2 "Procedure Linkage Table"): it
 * jumps through the slot that a relocation fills, or pushes the number of that relocation. A
 * library calls its own functions with several implementations ({@code memcpy} in the C library)
 * through entries whose relocation has no symbol but the address of the one that chooses.
 */
final class PltNames {

  private static final int RELA_BYTES = 24;
  private static final int SYMBOL_BYTES = 24;
  private static final int R_X86_64_GLOB_DAT = 6;
  private static final int R_X86_64_JUMP_SLOT = 7;
  private static final int R_X86_64_IRELATIVE = 37;
  private static final int STT_GNU_IFUNC = 10;
  private static final List<String> TABLES = List.of(".plt", ".plt.got", ".plt.sec");

  private final ElfFile file;
  private final Map<Long, Integer> symbolOfSlot = new HashMap<>();
  private final Map<Integer, Integer> symbolOfNumber = new HashMap<>();

  /** Address of the function that chooses an implementation at start, to its symbol. */
  private final Map<Long, Integer> choosers = new HashMap<>();

  private PltNames(ElfFile file, Section dynsym) {
    this.file = file;
    ByteCursor c = file.cursor(dynsym);
    int count = (int) Math.min(c.size() / SYMBOL_BYTES, Integer.MAX_VALUE);
    for (int i = 0; i < count; i++) {
      c.seek((long) i * SYMBOL_BYTES + Integer.BYTES);
      if ((c.u8() & 15) == STT_GNU_IFUNC) {
        c.skip(3);
        choosers.putIfAbsent(c.u64(), i);
      }
    }
  }

  static void addTo(SymbolTableBuilder builder, ElfFile file) {
    Section dynsym = first(file, Section.SHT_DYNSYM);
    if (dynsym == null || TABLES.stream().allMatch(t -> file.section(t).isEmpty())) {
      return;
    }
    PltNames names = new PltNames(file, dynsym);
    file.section(".rela.plt").ifPresent(s -> names.readRelocations(s, true));
    file.section(".rela.dyn").ifPresent(s -> names.readRelocations(s, false));
    byte[] strings = SymbolSections.stringsOf(file, dynsym);
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    text.write(0);
    Map<Integer, Integer> offsetOfSymbol = new HashMap<>();
    Map<Long, Integer> found = new HashMap<>();
    Map<Long, Section> where = new HashMap<>();
    for (String table : TABLES) {
      file.section(table)
          .ifPresent(s ->
              names.scan(
                  s,
                  (address, symbol) -> {
                    offsetOfSymbol.computeIfAbsent(
                        symbol, i -> write(text, names.nameOf(dynsym, strings, i)));
                    found.put(address, symbol);
                    where.put(address, s);
                  }));
    }
    int id = builder.strings(text.toByteArray());
    found.forEach((address, symbol) -> {
      int name = offsetOfSymbol.getOrDefault(symbol, 0);
      Section s = where.get(address);
      if (name > 0 && s != null) {
        builder.add(
            address, entryBytes(s), s.address() + s.size(), SymbolTableBuilder.LOCAL, id, name);
      }
    });
  }

  /** Takes the entries of one table. */
  private interface EntrySink {
    void entry(long address, int symbol);
  }

  private void readRelocations(Section relocations, boolean numbered) {
    ByteCursor c = file.cursor(relocations);
    int count = (int) Math.min(c.size() / RELA_BYTES, Integer.MAX_VALUE);
    for (int i = 0; i < count; i++) {
      long slot = c.u64();
      int type = c.s32();
      int symbol = c.s32();
      long addend = c.u64();
      if (type == R_X86_64_IRELATIVE) {
        symbol = choosers.getOrDefault(addend, 0);
      }
      if (symbol > 0
          && (type == R_X86_64_JUMP_SLOT
              || type == R_X86_64_GLOB_DAT
              || type == R_X86_64_IRELATIVE)) {
        symbolOfSlot.put(slot, symbol);
        if (numbered) {
          symbolOfNumber.put(i, symbol);
        }
      }
    }
  }

  private void scan(Section plt, EntrySink sink) {
    int step = entryBytes(plt);
    ByteCursor c = file.cursor(plt);
    for (long at = 0; at + step <= c.size(); at += step) {
      Integer symbol = symbolAt(c.seek(at), plt.address() + at, step);
      if (symbol != null) {
        sink.entry(plt.address() + at, symbol);
      }
    }
  }

  /** The symbol that the entry at the cursor leads to. */
  private @Nullable Integer symbolAt(ByteCursor c, long address, int step) {
    long begin = c.position();
    int first = c.u8();
    if (step < 16 && first != 0xff) {
      return null; // only the plain jump fits into 8 bytes
    }
    if (first == 0xf3) { // endbr64
      c.skip(3);
      first = c.u8();
    }
    if (first == 0xf2) { // bnd
      first = c.u8();
    }
    if (first == 0x68) { // push $number
      return symbolOfNumber.get(c.s32());
    }
    if (first == 0xff && c.u8() == 0x25) { // jmp *slot(%rip)
      int displacement = c.s32();
      long next = address + (c.position() - begin);
      return c.position() - begin <= step ? symbolOfSlot.get(next + displacement) : null;
    }
    return null;
  }

  private String nameOf(Section dynsym, byte[] strings, int symbol) {
    ByteCursor c = file.cursor(dynsym);
    if ((symbol + 1L) * SYMBOL_BYTES > c.size()) {
      return "";
    }
    long name = c.seek((long) symbol * SYMBOL_BYTES).u32();
    if (name == 0 || name >= strings.length) {
      return "";
    }
    int length = SymbolTable.nameLength(strings, (int) name, 4096);
    return new String(strings, (int) name, length, StandardCharsets.UTF_8) + "@plt";
  }

  private static int write(ByteArrayOutputStream text, String name) {
    if (name.isEmpty() || text.size() > 64 << 20) {
      return 0;
    }
    int at = text.size();
    text.writeBytes(name.getBytes(StandardCharsets.UTF_8));
    text.write(0);
    return at;
  }

  private static int entryBytes(Section plt) {
    return plt.entrySize() == 8 ? 8 : 16;
  }

  private static @Nullable Section first(ElfFile file, int type) {
    for (Section s : file.sections()) {
      if (s.type() == type) {
        return s;
      }
    }
    return null;
  }
}
