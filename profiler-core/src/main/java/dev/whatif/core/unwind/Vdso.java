package dev.whatif.core.unwind;

import dev.whatif.core.elf.ElfFile;
import dev.whatif.core.failure.BadDataException;
import dev.whatif.core.process.Mapping;
import dev.whatif.core.process.ProcMaps;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** The kernel's shared object: the same image in every 64-bit process, so that ours will do. */
final class Vdso {

  private Vdso() {}

  static ElfFile image() {
    try {
      int self = (int) ProcessHandle.current().pid();
      for (Mapping m : ProcMaps.read(self)) {
        if (m.path().equals("[vdso]")) {
          byte[] copy =
              MemorySegment.ofAddress(m.start())
                  .reinterpret(m.end() - m.start())
                  .toArray(ValueLayout.JAVA_BYTE);
          return ElfFile.of(MemorySegment.ofArray(copy), "[vdso]");
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    throw new BadDataException("[vdso]: this process has none");
  }
}
