package dev.whatif.core.dwarf;

import dev.whatif.core.elf.BuildId;
import dev.whatif.core.elf.ByteCursor;
import dev.whatif.core.elf.ElfFile;
import dev.whatif.core.failure.BadDataException;
import java.lang.foreign.ValueLayout;
import java.util.Optional;

/**
 * The supplementary file that a file's debug information refers to: dwz moves there what several
 * programs have in common. Usually below {@code /usr/lib/debug/.dwz}.
 *
 * @param path as written, absolute or relative to the folder of the referring file
 * @param buildId identity of the supplementary file
 */
public record AltLink(String path, BuildId buildId) {

  /**
   * What {@code .gnu_debugaltlink} or {@code .debug_sup} (DWARF 5, 7.3.6) says.
   *
   * @return empty when the file refers to none
   * @throws BadDataException when the section is damaged
   */
  public static Optional<AltLink> of(ElfFile debug) {
    Optional<AltLink> gnu = debug.section(".gnu_debugaltlink").map(s -> gnu(debug.cursor(s)));
    return gnu.isPresent()
        ? gnu
        : debug.section(".debug_sup").flatMap(s -> standard(debug.cursor(s)));
  }

  private static AltLink gnu(ByteCursor c) {
    String path = c.cString();
    return new AltLink(path, id(c, c.remaining()));
  }

  private static Optional<AltLink> standard(ByteCursor c) {
    c.skip(2); // version
    boolean isSupplementary = c.u8() != 0;
    String path = c.cString();
    AltLink link = new AltLink(path, id(c, c.uleb()));
    return isSupplementary ? Optional.empty() : Optional.of(link);
  }

  private static BuildId id(ByteCursor c, long size) {
    if (size < 0 || size > 64) {
      throw c.malformed("an identity of " + Long.toUnsignedString(size) + " bytes");
    }
    return BuildId.of(c.take(size).toArray(ValueLayout.JAVA_BYTE));
  }
}
