package dev.whatif.core.elf;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The shared libraries that the loader must find before a program can start: the DT_NEEDED entries
 * of {@code .dynamic} (System V ABI, chapter 5, "Dynamic Section").
 */
public final class NeededLibraries {

  private static final long DT_NULL = 0;
  private static final long DT_NEEDED = 1;
  private static final int ENTRY_BYTES = 16;

  private NeededLibraries() {}

  /**
   * Their names as the linker wrote them, for example {@code libc.so.6}, in search order; empty for
   * a static program. Names that lie outside the string table are damage.
   *
   * @throws dev.whatif.core.failure.BadDataException when the sections are damaged
   */
  public static List<String> of(ElfFile file) {
    Optional<Section> dynamic = file.section(".dynamic");
    Optional<Section> strings = file.section(".dynstr");
    if (dynamic.isEmpty() || strings.isEmpty()) {
      return List.of();
    }
    ByteCursor entries = file.cursor(dynamic.get());
    ByteCursor names = file.cursor(strings.get());
    List<String> needed = new ArrayList<>();
    while (entries.remaining() >= ENTRY_BYTES) {
      long tag = entries.u64();
      long value = entries.u64();
      if (tag == DT_NULL) {
        break;
      }
      if (tag == DT_NEEDED) {
        needed.add(names.seek(value).cString());
      }
    }
    return needed;
  }

  /**
   * The loader that the kernel starts for a program ({@code .interp}), for example {@code
   * /lib64/ld-linux-x86-64.so.2}; empty for a static program.
   */
  public static Optional<String> loader(ElfFile file) {
    return file.section(".interp").map(s -> file.cursor(s).cString());
  }
}
