package dev.whatif.core.elf;

/**
 * A section header (System V ABI, chapter 4, "Sections").
 *
 * @param name from the section name table
 * @param type SHT_*
 * @param flags SHF_*
 * @param address virtual address in the file's own terms, 0 when it is not loaded
 * @param offset in the file, bytes
 * @param size in the file, bytes (in memory for SHT_NOBITS)
 * @param link index of an associated section; its meaning depends on the type
 * @param info extra information; its meaning depends on the type
 * @param entrySize bytes of an entry in a table, else 0
 */
public record Section(
    String name,
    int type,
    long flags,
    long address,
    long offset,
    long size,
    int link,
    int info,
    long entrySize) {

  public static final int SHT_PROGBITS = 1;
  public static final int SHT_SYMTAB = 2;
  public static final int SHT_STRTAB = 3;
  public static final int SHT_RELA = 4;
  public static final int SHT_NOTE = 7;
  public static final int SHT_NOBITS = 8;
  public static final int SHT_DYNSYM = 11;
  public static final int SHT_X86_64_UNWIND = 0x7000_0001;
  public static final long SHF_ALLOC = 2;
  public static final long SHF_EXECINSTR = 4;
  public static final long SHF_COMPRESSED = 0x800;

  /** Whether an address of the file lies in it. */
  public boolean contains(long vaddr) {
    return (flags & SHF_ALLOC) != 0 && vaddr - address >= 0 && vaddr - address < size;
  }
}
