package dev.whatif.ebpf.btf;

import dev.whatif.core.elf.ByteCursor;
import java.lang.foreign.MemorySegment;

/**
 * Where the types and the strings lie in a blob (include/uapi/linux/btf.h, {@code struct
 * btf_header}).
 *
 * <pre>
 *   0      2       3      4        8         12        16       20
 *   magic  version flags  hdr_len  type_off  type_len  str_off  str_len
 * </pre>
 */
record BtfSections(int types, int typesEnd, int strings, int stringsEnd) {

  static final int MAGIC = 0xeb9f;
  static final int HEADER_BYTES = 24;

  /** Reads and checks the header. */
  static BtfSections of(String origin, byte[] raw) {
    ByteCursor c = new ByteCursor(MemorySegment.ofArray(raw), origin);
    int magic = c.u16();
    if (magic != MAGIC) {
      throw c.seek(0).malformed(magic == 0x9feb ? "big-endian BTF" : "no BTF (magic eb9f)");
    }
    int version = c.u8();
    if (version != 1) {
      throw c.malformed("BTF of version " + version + ", not 1");
    }
    c.skip(1);
    long header = c.u32();
    long typesAt = c.u32();
    long typeBytes = c.u32();
    long stringsAt = c.u32();
    long stringBytes = c.u32();
    if (header < HEADER_BYTES || header > raw.length) {
      throw c.seek(4).malformed("a BTF header of " + header + " bytes");
    }
    if ((typesAt & 3) != 0 || header + typesAt + typeBytes > raw.length) {
      throw c.seek(8)
          .malformed(
              "the types (offset 0x%x, 0x%x bytes) do not fit".formatted(typesAt, typeBytes));
    }
    if (header + stringsAt + stringBytes > raw.length) {
      throw c.seek(16)
          .malformed(
              "the strings (offset 0x%x, 0x%x bytes) do not fit".formatted(stringsAt, stringBytes));
    }
    BtfSections s =
        new BtfSections(
            (int) (header + typesAt),
            (int) (header + typesAt + typeBytes),
            (int) (header + stringsAt),
            (int) (header + stringsAt + stringBytes));
    if (stringBytes > 0 && raw[s.stringsEnd - 1] != 0) {
      throw c.seek(s.stringsEnd - 1).malformed("the last string has no end");
    }
    return s;
  }
}
