package dev.whatif.ebpf.attach;

import dev.whatif.core.elf.ElfFile;
import dev.whatif.core.elf.Section;
import dev.whatif.core.elf.Segment;
import dev.whatif.core.failure.BadDataException;
import dev.whatif.core.failure.TargetLostException;
import dev.whatif.core.failure.UnavailableException;
import dev.whatif.core.process.MappedFile;
import dev.whatif.core.process.Mapping;
import dev.whatif.core.process.ProcStat;
import dev.whatif.core.process.Vdso;
import java.util.List;
import java.util.OptionalLong;

/**
 * Executable bytes of a process that belong to nothing: behind the end of an image, within its last
 * page. The only memory that can hold the first instruction that we run there.
 *
 * <p>The vdso first: the kernel maps whole pages and the image ends in the middle of the last
 * (1,505 bytes before its end on Linux 6.18). Where there is no vdso (booted with vdso=0) or it
 * fills its page, the last page of the code of a mapped file. Writing makes a private copy of that
 * page, which no other process sees.
 *
 * @param address of the first byte, a multiple of 16
 * @param size bytes
 * @param object what it lies behind, for messages
 */
record Slack(long address, int size, String object) {

  private static final int PAGE = 4096;
  private static final int ALIGNMENT = 16;

  /**
   * Finds some.
   *
   * @param mappings of the process
   * @throws UnavailableException when no image ends far enough before the end of its page
   */
  static Slack find(int pid, List<Mapping> mappings) {
    for (Mapping m : mappings) {
      if (m.path().equals(Vdso.NAME)) {
        OptionalLong end = Vdso.image().map(Slack::endOfImage).orElse(OptionalLong.empty());
        if (end.isPresent() && fits(m.start() + end.getAsLong(), m.end())) {
          return of(m.start() + end.getAsLong(), m.end(), m.path());
        }
      }
    }
    for (Mapping m : mappings) {
      if (m.executable() && m.isFile()) {
        OptionalLong end = endOfCode(pid, m);
        if (end.isPresent() && fits(end.getAsLong(), m.end())) {
          return of(end.getAsLong(), m.end(), m.path());
        }
      }
    }
    if (ProcStat.of(pid).filter(ProcStat::alive).isEmpty()) {
      throw new TargetLostException("process " + pid + " has ended"); // it has no memory any more
    }
    throw new UnavailableException(
        "process %d has no %d unused bytes behind any of its code"
            .formatted(pid, RestoringStubLayout.BYTES),
        "start it with a C library that is linked dynamically, or boot with the vdso enabled");
  }

  private static boolean fits(long end, long pageEnd) {
    return pageEnd - align(end) >= RestoringStubLayout.BYTES;
  }

  private static Slack of(long end, long pageEnd, String object) {
    return new Slack(align(end), (int) (pageEnd - align(end)), object);
  }

  private static long align(long address) {
    return address + ALIGNMENT - 1 & -ALIGNMENT;
  }

  /** The last byte that any header names, as an offset; the image lies in memory as in its file. */
  static OptionalLong endOfImage(ElfFile image) {
    long end = 0;
    for (Segment s : image.segments()) {
      end = Math.max(end, s.offset() + Math.max(s.fileSize(), s.memorySize()));
    }
    for (Section s : image.sections()) {
      end = Math.max(end, s.offset() + (s.type() == Section.SHT_NOBITS ? 0 : s.size()));
    }
    end = Math.max(end, image.sectionHeadersEnd());
    return end > 0 && end <= image.image().byteSize() ? OptionalLong.of(end) : OptionalLong.empty();
  }

  /** Where the code that a mapping shows ends in memory, if the mapping ends with that page. */
  private static OptionalLong endOfCode(int pid, Mapping m) {
    try (ElfFile file = MappedFile.open(pid, m).elf()) {
      return endOfCode(file, m);
    } catch (BadDataException e) {
      return OptionalLong.empty(); // not ELF, or not to be reached: another one then
    }
  }

  static OptionalLong endOfCode(ElfFile file, Mapping m) {
    for (Segment s : file.segments()) {
      long end = s.offset() + s.fileSize();
      boolean code = s.type() == Segment.PT_LOAD && (s.flags() & Segment.PF_X) != 0;
      boolean shown =
          m.fileOffset() <= s.offset() && m.offsetOf(m.end()) == (end + PAGE - 1 & -PAGE);
      if (code && shown && s.memorySize() == s.fileSize() && isZero(file, end)) {
        return OptionalLong.of(m.start() + end - m.fileOffset());
      }
    }
    return OptionalLong.empty();
  }

  /** Whether the file has nothing behind the segment in its last page: some linkers do not pad. */
  private static boolean isZero(ElfFile file, long from) {
    long to = Math.min(from + PAGE - 1 & -PAGE, file.image().byteSize());
    for (long i = from; i < to; i++) {
      if (file.image().get(java.lang.foreign.ValueLayout.JAVA_BYTE, i) != 0) {
        return false;
      }
    }
    return to >= from;
  }

  /** Whether an address lies in the bytes that a stub takes. */
  boolean isInStub(long rip) {
    return Long.compareUnsigned(rip - address, RestoringStubLayout.BYTES) < 0;
  }
}
