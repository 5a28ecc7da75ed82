package dev.whatif.core.unwind;

import dev.whatif.core.elf.ElfFile;
import dev.whatif.core.elf.Segment;
import dev.whatif.core.process.Mapping;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of a mapped file: its table, and how file offsets become its own addresses.
 *
 * @param table null when the file could not be read
 * @param segments the executable ones
 * @param failure why there is no table, else null
 * @param bornNanos {@link System#nanoTime} when it was made
 */
record CodeObject(
    @Nullable UnwindTable table, List<Segment> segments, @Nullable String failure, long bornNanos) {

  private static final long PAGE = 4096;

  static CodeObject of(ElfFile elf, @Nullable ElfFile debug) {
    List<Segment> executable =
        elf.segments().stream()
            .filter(s -> s.type() == Segment.PT_LOAD && (s.flags() & Segment.PF_X) != 0)
            .toList();
    return new CodeObject(UnwindTable.of(elf, debug), executable, null, System.nanoTime());
  }

  static CodeObject failed(String why) {
    return new CodeObject(null, List.of(), why, System.nanoTime());
  }

  long byteSize() {
    return table == null ? 0 : table.byteSize();
  }

  /**
   * What to add to an address in the mapping to get the file's own address.
   *
   * <p>Segments are mapped in whole pages: a mapping's first byte may lie before its segment.
   */
  long bias(Mapping m) {
    long length = m.end() - m.start();
    for (Segment s : segments) {
      long begin = s.offset() & -PAGE;
      long end = s.offset() + s.fileSize() + PAGE - 1 & -PAGE;
      if (m.fileOffset() < end && m.fileOffset() + length > begin) {
        return m.fileOffset() - m.start() - s.offset() + s.address();
      }
    }
    return m.fileOffset() - m.start();
  }
}
