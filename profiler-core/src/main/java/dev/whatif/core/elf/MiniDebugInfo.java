package dev.whatif.core.elf;

import dev.whatif.core.failure.BadDataException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;
import org.tukaani.xz.XZInputStream;

/**
 * Unpacks {@code .gnu_debugdata}: an xz-compressed ELF file with the symbols that stripping took
 * away, as Fedora ships them (GDB manual, "Debugging information in a special section").
 */
final class MiniDebugInfo {

  /** What {@code xz -9} needs, with room. */
  private static final int MAX_MEMORY_KIB = 96 * 1024;

  private static final int MAX_UNPACKED_BYTES = 128 << 20;

  private MiniDebugInfo() {}

  /**
   * The file inside, or empty when there is none.
   *
   * @throws BadDataException when it is damaged or unpacks to more than 128 MiB
   */
  static Optional<ElfFile> of(ElfFile file) {
    Optional<Section> section = file.section(".gnu_debugdata");
    if (section.isEmpty()) {
      return Optional.empty();
    }
    String name = file.name() + ": .gnu_debugdata";
    byte[] packed = file.bytes(section.get()).toArray(ValueLayout.JAVA_BYTE);
    return Optional.of(ElfFile.of(MemorySegment.ofArray(unpack(packed, name)), name));
  }

  private static byte[] unpack(byte[] packed, String name) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(packed.length * 4);
    byte[] buffer = new byte[64 * 1024];
    try (XZInputStream in = new XZInputStream(new ByteArrayInputStream(packed), MAX_MEMORY_KIB)) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        if (out.size() + n > MAX_UNPACKED_BYTES) {
          throw new BadDataException(
              name + ": unpacks to more than " + MAX_UNPACKED_BYTES + " bytes");
        }
        out.write(buffer, 0, n);
      }
    } catch (IOException e) {
      throw new BadDataException(name + ": damaged xz data: " + e.getMessage(), null, e);
    }
    return out.toByteArray();
  }
}
