package dev.whatif.ebpf.kernel;

import dev.whatif.core.elf.ByteCursor;
import dev.whatif.core.elf.ElfFile;
import dev.whatif.core.elf.Section;
import dev.whatif.core.elf.Segment;
import dev.whatif.core.failure.BadDataException;
import dev.whatif.core.failure.UnavailableException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

/**
 * A program or library whose functions are to be probed, found as libbpf finds it
 * (tools/lib/bpf/libbpf.c, resolve_full_path).
 */
record ProbedFile(Path path) {

  private static final List<String> LIBRARY_FOLDERS =
      List.of("/lib/x86_64-linux-gnu", "/usr/lib/x86_64-linux-gnu", "/usr/lib64", "/usr/lib");
  private static final String DEFAULT_PATH = "/usr/bin:/usr/sbin:/bin:/sbin";
  private static final int SYMBOL_BYTES = 24;
  private static final int STT_FUNC = 2;
  private static final int STT_GNU_IFUNC = 10;

  /** By its path; without a slash a library's or a program's name, looked for where they lie. */
  static ProbedFile of(String name) {
    if (name.contains("/")) {
      return new ProbedFile(Path.of(name));
    }
    boolean library = name.endsWith(".so") || name.contains(".so.");
    List<String> folders =
        library
            ? LIBRARY_FOLDERS
            : List.of(System.getenv().getOrDefault("PATH", DEFAULT_PATH).split(":", -1));
    for (String folder : folders) {
      Path candidate = Path.of(folder, name);
      if (Files.isReadable(candidate)) {
        return new ProbedFile(candidate);
      }
    }
    throw new UnavailableException(
        "cannot find %s '%s' to probe".formatted(library ? "library" : "program", name),
        "give its whole path");
  }

  /**
   * Where in the file a function begins.
   *
   * @throws UnavailableException when no symbol names it
   */
  long offsetOf(String function) {
    if (!Files.isReadable(path)) {
      throw new UnavailableException(
          "cannot read %s to find function '%s' in it".formatted(path, function),
          "give the path of a program or library");
    }
    try (ElfFile elf = ElfFile.open(path)) {
      for (Section section : elf.sections()) {
        if (section.type() == Section.SHT_SYMTAB || section.type() == Section.SHT_DYNSYM) {
          OptionalLong address = find(elf, section, function);
          if (address.isPresent()) {
            return fileOffset(elf, address.getAsLong());
          }
        }
      }
    }
    throw new UnavailableException(
        "%s has no function '%s' to probe".formatted(path, function),
        "list its functions with: nm -D --defined-only " + path);
  }

  private static OptionalLong find(ElfFile elf, Section symbols, String function) {
    if (symbols.link() < 0 || symbols.link() >= elf.sections().size()) {
      throw new BadDataException(
          "%s: section %s: its names are in section %d of %d"
              .formatted(elf.name(), symbols.name(), symbols.link(), elf.sections().size()));
    }
    ByteCursor cursor = elf.cursor(symbols);
    ByteCursor names = elf.cursor(elf.sections().get(symbols.link()));
    while (cursor.remaining() >= SYMBOL_BYTES) {
      long name = cursor.u32();
      int type = cursor.u8() & 0xf;
      cursor.skip(1);
      int section = cursor.u16();
      long address = cursor.u64();
      cursor.skip(8);
      if ((type == STT_FUNC || type == STT_GNU_IFUNC)
          && section != 0
          && names.seek(name).cString().equals(function)) {
        return OptionalLong.of(address);
      }
    }
    return OptionalLong.empty();
  }

  private static long fileOffset(ElfFile elf, long address) {
    for (Segment segment : elf.segments()) {
      long within = address - segment.address();
      if (segment.type() == Segment.PT_LOAD
          && (segment.flags() & Segment.PF_X) != 0
          && within >= 0
          && within < segment.fileSize()) {
        return segment.offset() + within;
      }
    }
    throw new UnavailableException(
        "%s: address 0x%x is in no executable segment".formatted(elf.name(), address));
  }
}
