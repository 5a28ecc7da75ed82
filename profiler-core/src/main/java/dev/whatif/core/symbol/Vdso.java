package dev.whatif.core.symbol;

import dev.whatif.core.elf.ElfFile;
import dev.whatif.core.elf.SymbolTable;
import dev.whatif.core.failure.BadDataException;
import dev.whatif.core.process.Mapping;
import dev.whatif.core.process.ProcMaps;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * The library that the kernel maps into every process (vdso(7)), read from this process's own
 * memory: all 64-bit processes of a machine have the same.
 */
final class Vdso {

  private static final String NAME = "[vdso]";
  private static final long MAX_BYTES = 1 << 20;

  private Vdso() {}

  /** Its functions, or empty when this process has none (booted with vdso=0). */
  static Optional<ObjectSymbols> symbols() {
    try {
      for (Mapping m : ProcMaps.read((int) ProcessHandle.current().pid())) {
        if (m.path().equals(NAME) && m.end() - m.start() <= MAX_BYTES) {
          byte[] image = new byte[(int) (m.end() - m.start())];
          try (RandomAccessFile memory = new RandomAccessFile("/proc/self/mem", "r")) {
            memory.seek(m.start());
            memory.readFully(image);
          }
          ElfFile elf = ElfFile.of(MemorySegment.ofArray(image), NAME);
          return Optional.of(new ObjectSymbols(NAME, elf, SymbolTable.of(elf), null));
        }
      }
    } catch (IOException | BadDataException e) {
      return Optional.empty();
    }
    return Optional.empty();
  }
}
