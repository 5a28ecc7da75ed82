package dev.whatif.core.process;

import dev.whatif.core.elf.ElfFile;
import dev.whatif.core.failure.BadDataException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * The library that the kernel maps into every process (vdso(7)), read from this process's own
 * memory: all 64-bit processes of a machine have the same.
 */
public final class Vdso {

  /** How {@code /proc/PID/maps} calls it. */
  public static final String NAME = "[vdso]";

  private static final long MAX_BYTES = 1 << 20;

  private Vdso() {}

  /** A copy of it, or empty when this process has none (booted with vdso=0). */
  public static Optional<ElfFile> image() {
    try {
      for (Mapping m : ProcMaps.read((int) ProcessHandle.current().pid())) {
        if (m.path().equals(NAME) && m.end() - m.start() <= MAX_BYTES) {
          byte[] image = new byte[(int) (m.end() - m.start())];
          try (RandomAccessFile memory = new RandomAccessFile("/proc/self/mem", "r")) {
            memory.seek(m.start());
            memory.readFully(image);
          }
          return Optional.of(ElfFile.of(MemorySegment.ofArray(image), NAME));
        }
      }
    } catch (IOException | BadDataException e) {
      return Optional.empty();
    }
    return Optional.empty();
  }
}
