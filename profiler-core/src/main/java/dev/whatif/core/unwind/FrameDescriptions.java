package dev.whatif.core.unwind;

import dev.whatif.core.elf.ByteCursor;
import dev.whatif.core.failure.BadDataException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The frame description entries of one {@code .eh_frame} or {@code .debug_frame} section: where the
 * program of each function lies.
 *
 * <p>A damaged entry is counted and left out; only a damaged length ends the walk, because nothing
 * says where the next entry begins. Kept in arrays, since a library has up to millions of them.
 */
final class FrameDescriptions {

  private final ByteCursor section;
  private final boolean ehFrame;
  private final long sectionAddress;
  private final long dataBase;
  private final Map<Long, @Nullable CommonInformation> commons = new HashMap<>();
  private long[] starts = new long[256];
  private long[] lengths = new long[256];
  private long[] programs = new long[256];
  private long[] programEnds = new long[256];
  private CommonInformation[] common = new CommonInformation[256];
  private int count;
  private int damaged;
  private @Nullable String firstDamage;

  /**
   * Walks a section.
   *
   * @param section its bytes
   * @param ehFrame whether it has the format of {@code .eh_frame}
   * @param sectionAddress where its first byte is loaded
   * @param dataBase what data-relative pointers count from
   */
  FrameDescriptions(ByteCursor section, boolean ehFrame, long sectionAddress, long dataBase) {
    this.section = section;
    this.ehFrame = ehFrame;
    this.sectionAddress = sectionAddress;
    this.dataBase = dataBase;
    walk();
  }

  int count() {
    return count;
  }

  /** First address of a function. */
  long start(int i) {
    return starts[i];
  }

  /** Bytes of a function. */
  long length(int i) {
    return lengths[i];
  }

  /** Section offset of a function's program. */
  long program(int i) {
    return programs[i];
  }

  /** Section offset behind a function's program. */
  long programEnd(int i) {
    return programEnds[i];
  }

  CommonInformation common(int i) {
    return common[i];
  }

  ByteCursor section() {
    return section;
  }

  long sectionAddress() {
    return sectionAddress;
  }

  long dataBase() {
    return dataBase;
  }

  /** Entries left out. */
  int damaged() {
    return damaged;
  }

  /** What was wrong with the first one left out, or null. */
  @Nullable String firstDamage() {
    return firstDamage;
  }

  void damage(BadDataException e) {
    damaged++;
    if (firstDamage == null) {
      firstDamage = e.getMessage();
    }
  }

  private void walk() {
    while (section.remaining() >= Integer.BYTES) {
      try {
        long length = section.u32();
        boolean wide = length == 0xffff_ffffL;
        if (wide) {
          length = section.u64();
        }
        if (length == 0) {
          if (ehFrame) {
            // The terminator that crtend.o brings. Linkers that concatenate leave it last.
            return;
          }
          continue;
        }
        if (length < 0 || length > section.remaining()) {
          throw section.malformed("an entry of " + length + " bytes");
        }
        long end = section.position() + length;
        try {
          entry(end, wide && !ehFrame);
        } catch (BadDataException e) {
          damage(e);
        }
        section.seek(end);
      } catch (BadDataException e) {
        damage(e);
        return;
      }
    }
  }

  private void entry(long end, boolean wideId) {
    long idPosition = section.position();
    long id = wideId ? section.u64() : section.u32();
    long commonId = ehFrame ? 0 : wideId ? -1 : 0xffff_ffffL;
    if (id == commonId) {
      return;
    }
    CommonInformation c = commonAt(ehFrame ? idPosition - id : id);
    section.seek(idPosition + (wideId ? Long.BYTES : Integer.BYTES));
    long start = PointerEncoding.read(section, c.pointerEncoding(), sectionAddress, dataBase);
    long length = PointerEncoding.value(section, c.pointerEncoding());
    if (c.hasAugmentationData()) {
      section.skip(section.uleb());
    }
    if (section.position() > end) {
      throw section.malformed("an FDE that is longer than its length");
    }
    add(start, length, section.position(), end, c);
  }

  private CommonInformation commonAt(long offset) {
    if (commons.containsKey(offset)) {
      CommonInformation known = commons.get(offset);
      if (known == null) {
        throw section.malformed("an FDE of the damaged CIE at 0x" + Long.toHexString(offset));
      }
      return known;
    }
    // One damaged CIE must not be tried again for each of its FDEs.
    commons.put(offset, null);
    section.seek(offset);
    long length = section.u32();
    boolean wide = length == 0xffff_ffffL;
    if (wide) {
      length = section.u64();
    }
    if (length < 0 || length > section.remaining()) {
      throw section.malformed("a CIE of " + length + " bytes");
    }
    long end = section.position() + length;
    boolean wideId = wide && !ehFrame;
    long id = wideId ? section.u64() : section.u32();
    if (id != (ehFrame ? 0 : wideId ? -1 : 0xffff_ffffL)) {
      throw section.malformed("an FDE that points to something else than a CIE");
    }
    CommonInformation c = CommonInformation.read(section, end);
    commons.put(offset, c);
    return c;
  }

  private void add(long start, long length, long program, long end, CommonInformation c) {
    if (count == starts.length) {
      int larger = count * 2;
      starts = Arrays.copyOf(starts, larger);
      lengths = Arrays.copyOf(lengths, larger);
      programs = Arrays.copyOf(programs, larger);
      programEnds = Arrays.copyOf(programEnds, larger);
      common = Arrays.copyOf(common, larger);
    }
    starts[count] = start;
    lengths[count] = length;
    programs[count] = program;
    programEnds[count] = end;
    common[count] = c;
    count++;
  }
}
