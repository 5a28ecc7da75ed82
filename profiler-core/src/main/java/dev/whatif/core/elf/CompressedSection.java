package dev.whatif.core.elf;

import dev.whatif.core.failure.BadDataException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** Unpacks SHF_COMPRESSED sections (System V ABI, chapter 4, "Section Compression"). */
final class CompressedSection {

  private static final int ELFCOMPRESS_ZLIB = 1;
  private static final int ELFCOMPRESS_ZSTD = 2;
  private static final int HEADER_BYTES = 24;

  /**
   * Deflate cannot do better than about 1032 to 1: a promise beyond that is a lie, refused before
   * allocating.
   */
  private static final long MAX_RATIO = 1100;

  private CompressedSection() {}

  static MemorySegment unpack(MemorySegment raw, String name) {
    ByteCursor header = new ByteCursor(raw, name);
    long type = header.u32();
    header.skip(4);
    long size = header.u64();
    header.skip(8);
    if (type == ELFCOMPRESS_ZSTD) {
      throw new BadDataException(
          name + ": compressed with zstd, which whatif does not read",
          "unpack it once: objcopy --decompress-debug-sections FILE");
    }
    if (type != ELFCOMPRESS_ZLIB) {
      throw new BadDataException(name + ": compressed in an unknown way (" + type + ")");
    }
    if (size < 0 || size > Integer.MAX_VALUE - 16 || size > raw.byteSize() * MAX_RATIO) {
      throw new BadDataException(name + ": promises to unpack to " + size + " bytes");
    }
    byte[] out = new byte[(int) size];
    try (Inflater inflater = new Inflater()) {
      inflater.setInput(raw.asSlice(HEADER_BYTES).toArray(ValueLayout.JAVA_BYTE));
      int n = 0;
      while (n < out.length) {
        int got = inflater.inflate(out, n, out.length - n);
        if (got == 0
            && (inflater.finished() || inflater.needsInput() || inflater.needsDictionary())) {
          throw new BadDataException(
              name + ": ends after " + n + " of " + size + " unpacked bytes");
        }
        n += got;
      }
    } catch (DataFormatException e) {
      throw new BadDataException(name + ": damaged compressed data", null, e);
    }
    return MemorySegment.ofArray(out);
  }
}
