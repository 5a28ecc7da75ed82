package dev.whatif.core.elf;

import dev.whatif.core.failure.BadDataException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A little-endian 64-bit x86-64 ELF file, mapped and read on demand.
 *
 * <p>Opening reads headers only. The file is mapped into memory: one that is truncated by somebody
 * while it is open makes an access fail with {@link InternalError} in the accessing thread, so
 * long-lived users copy what they need. Immutable after opening; any thread may read; closing while
 * another reads is an {@link IllegalStateException} there.
 */
public final class ElfFile implements AutoCloseable {

  public static final int ET_REL = 1;
  public static final int ET_EXEC = 2;
  public static final int ET_DYN = 3;
  private static final int EM_X86_64 = 62;
  private static final int SHN_XINDEX = 0xffff;
  private static final int HEADER_BYTES = 64;
  private static final int SECTION_HEADER_BYTES = 64;
  private static final int PROGRAM_HEADER_BYTES = 56;
  private static final int NT_GNU_BUILD_ID = 3;

  /** Compilers make section names of mangled names (-ffunction-sections), which can be long. */
  private static final int LONGEST_SECTION_NAME = 4096;

  private final String name;
  private final MemorySegment bytes;
  private final Arena arena;
  private final int type;
  private final long entry;
  private final List<Section> sections;
  private final List<Segment> segments;
  private final long sectionHeadersEnd;

  private ElfFile(String name, MemorySegment bytes, Arena arena) {
    this.name = name;
    this.bytes = bytes;
    this.arena = arena;
    if (bytes.byteSize() < HEADER_BYTES) {
      throw new BadDataException(name + ": not an ELF file (only " + bytes.byteSize() + " bytes)");
    }
    ByteCursor header = new ByteCursor(bytes, name + ": ELF header");
    if (header.u32() != 0x464c457fL) {
      throw new BadDataException(name + ": not an ELF file (it does not begin with 7f 45 4c 46)");
    }
    int elfClass = header.u8();
    int order = header.u8();
    if (elfClass != 2 || order != 1) {
      throw new BadDataException(name + ": not a little-endian 64-bit ELF file");
    }
    header.seek(16);
    type = header.u16();
    int machine = header.u16();
    if (machine != EM_X86_64 && machine != 247 /* EM_BPF */) {
      throw new BadDataException(
          name + ": an ELF file for machine " + machine + ", not for x86-64");
    }
    header.seek(24);
    entry = header.u64();
    long programHeaders = header.u64();
    long sectionHeaders = header.u64();
    header.seek(54);
    int programHeaderSize = header.u16();
    int programHeaderCount = header.u16();
    int sectionHeaderSize = header.u16();
    int sectionCount = header.u16();
    int nameTable = header.u16();
    segments = readSegments(programHeaders, programHeaderSize, programHeaderCount);
    sections = readSections(sectionHeaders, sectionHeaderSize, sectionCount, nameTable);
    sectionHeadersEnd = sectionHeaders + (long) sections.size() * sectionHeaderSize;
  }

  /**
   * Maps a file.
   *
   * @throws BadDataException when it is no ELF file of x86-64 or its headers are damaged
   * @throws UncheckedIOException when it cannot be opened or mapped
   */
  public static ElfFile open(Path path) {
    if (!Files.isRegularFile(path) && Files.exists(path)) {
      throw new BadDataException(path + ": not an ELF file (not a regular file)");
    }
    Arena arena = Arena.ofShared();
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      MemorySegment bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
      return new ElfFile(path.toString(), bytes, arena);
    } catch (IOException e) {
      arena.close();
      throw new UncheckedIOException(e);
    } catch (RuntimeException e) {
      arena.close();
      throw e;
    }
  }

  /**
   * Reads an ELF image from memory, such as the vdso or an unpacked {@code .gnu_debugdata}.
   *
   * @param image must stay alive as long as this is used; closing this does not free it
   * @param name what to call it in errors
   */
  public static ElfFile of(MemorySegment image, String name) {
    return new ElfFile(name, image, Arena.ofAuto());
  }

  /** What the file is called in errors: its path where it has one. */
  public String name() {
    return name;
  }

  /**
   * ET_EXEC (fixed addresses), ET_DYN (shared library or position-independent program) or ET_REL.
   */
  public int type() {
    return type;
  }

  /** Whether it is one that can be executed, fixed or position-independent. */
  public boolean isProgram() {
    return type == ET_EXEC || segments.stream().anyMatch(s -> s.type() == Segment.PT_INTERP);
  }

  /** Where execution starts, in the file's own addresses. */
  public long entry() {
    return entry;
  }

  /** The offset behind the section headers, which usually are the last thing in a file. */
  public long sectionHeadersEnd() {
    return sectionHeadersEnd;
  }

  /** All sections, in file order, the null section first. */
  public List<Section> sections() {
    return sections;
  }

  /** All program headers, in file order. */
  public List<Segment> segments() {
    return segments;
  }

  /**
   * The first section of that name that has bytes in the file (debug files keep empty shells of the
   * others).
   */
  public Optional<Section> section(String sectionName) {
    for (Section s : sections) {
      if (s.name().equals(sectionName) && s.type() != Section.SHT_NOBITS) {
        return Optional.of(s);
      }
    }
    return Optional.empty();
  }

  /**
   * The bytes of a section, unpacked when it is compressed (SHF_COMPRESSED).
   *
   * @throws BadDataException when it lies outside the file or does not unpack to the size it
   *     promises
   */
  public MemorySegment bytes(Section section) {
    if (section.type() == Section.SHT_NOBITS) {
      return MemorySegment.NULL;
    }
    if (section.offset() < 0
        || section.size() < 0
        || section.offset() > bytes.byteSize() - section.size()) {
      throw new BadDataException(
          "%s: section %s (offset 0x%x, size 0x%x) lies outside the file of 0x%x bytes"
              .formatted(name, section.name(), section.offset(), section.size(), bytes.byteSize()));
    }
    MemorySegment raw = bytes.asSlice(section.offset(), section.size());
    if ((section.flags() & Section.SHF_COMPRESSED) == 0) {
      return raw;
    }
    return CompressedSection.unpack(raw, name + ": " + section.name());
  }

  /** A cursor over a section's bytes, named for errors. */
  public ByteCursor cursor(Section section) {
    return new ByteCursor(bytes(section), name + ": " + section.name());
  }

  /** The whole file. */
  public MemorySegment image() {
    return bytes;
  }

  /**
   * The file's own address of a byte of the file, from its PT_LOAD segments.
   *
   * @return empty when no segment loads that byte
   */
  public Optional<Long> addressOf(long fileOffset) {
    for (Segment s : segments) {
      if (s.type() == Segment.PT_LOAD && s.containsOffset(fileOffset)) {
        return Optional.of(fileOffset - s.offset() + s.address());
      }
    }
    return Optional.empty();
  }

  /**
   * The offset in the file of one of its own addresses.
   *
   * @return empty when no segment loads that byte from the file
   */
  public OptionalLong offsetOf(long address) {
    for (Segment s : segments) {
      if (s.type() == Segment.PT_LOAD
          && address >= s.address()
          && address - s.address() < s.fileSize()) {
        return OptionalLong.of(address - s.address() + s.offset());
      }
    }
    return OptionalLong.empty();
  }

  /** The identity that a separate debug file shares with this file. */
  public Optional<BuildId> buildId() {
    for (Section s : sections) {
      if (s.type() == Section.SHT_NOTE) {
        Optional<BuildId> id = buildIdIn(cursor(s));
        if (id.isPresent()) {
          return id;
        }
      }
    }
    for (Segment s : segments) {
      if (s.type() == Segment.PT_NOTE
          && s.offset() >= 0
          && s.fileSize() >= 0
          && s.offset() <= bytes.byteSize() - s.fileSize()) {
        Optional<BuildId> id =
            buildIdIn(new ByteCursor(bytes.asSlice(s.offset(), s.fileSize()), name + ": PT_NOTE"));
        if (id.isPresent()) {
          return id;
        }
      }
    }
    return Optional.empty();
  }

  /** Finds the build-id among ELF notes (also those of {@code /sys/kernel/notes}). */
  public static Optional<BuildId> buildIdIn(ByteCursor notes) {
    while (notes.remaining() >= 12) {
      long nameSize = notes.u32();
      long descriptorSize = notes.u32();
      long noteType = notes.u32();
      if (nameSize > notes.remaining() || align4(nameSize) + descriptorSize > notes.remaining()) {
        return Optional.empty();
      }
      MemorySegment owner = notes.take(nameSize);
      notes.skip(align4(nameSize) - nameSize);
      MemorySegment descriptor = notes.take(descriptorSize);
      notes.skip(Math.min(align4(descriptorSize) - descriptorSize, notes.remaining()));
      if (noteType == NT_GNU_BUILD_ID
          && nameSize == 4
          && owner.get(ValueLayout.JAVA_BYTE, 0) == 'G'
          && owner.get(ValueLayout.JAVA_BYTE, 1) == 'N'
          && owner.get(ValueLayout.JAVA_BYTE, 2) == 'U'
          && descriptorSize > 0
          && descriptorSize <= 64) {
        return Optional.of(BuildId.of(descriptor.toArray(ValueLayout.JAVA_BYTE)));
      }
    }
    return Optional.empty();
  }

  @Override
  public void close() {
    if (arena.scope().isAlive() && bytes.isMapped()) {
      arena.close();
    }
  }

  private static long align4(long n) {
    return n + 3 & ~3L;
  }

  private List<Segment> readSegments(long offset, int entrySize, int count) {
    if (count == 0) {
      return List.of();
    }
    if (entrySize < PROGRAM_HEADER_BYTES) {
      throw new BadDataException(name + ": program headers of " + entrySize + " bytes");
    }
    List<Segment> result = new ArrayList<>(count);
    ByteCursor c = new ByteCursor(bytes, name + ": program headers");
    for (int i = 0; i < count; i++) {
      c.seek(offset + (long) i * entrySize);
      int segmentType = c.s32();
      int flags = c.s32();
      long fileOffset = c.u64();
      long address = c.u64();
      c.u64();
      long fileSize = c.u64();
      long memorySize = c.u64();
      result.add(new Segment(segmentType, flags, fileOffset, address, fileSize, memorySize));
    }
    return List.copyOf(result);
  }

  private List<Section> readSections(
      long offset, int entrySize, int headerCount, int headerNameTable) {
    if (offset == 0) {
      return List.of();
    }
    if (entrySize < SECTION_HEADER_BYTES) {
      throw new BadDataException(name + ": section headers of " + entrySize + " bytes");
    }
    ByteCursor c = new ByteCursor(bytes, name + ": section headers");
    Section first = readSection(c.seek(offset), "");
    // More than 65279 sections: the counts are in the null section (System V ABI, chapter 4, "ELF
    // Header").
    long count = headerCount == 0 ? first.size() : headerCount;
    int nameTable = headerNameTable == SHN_XINDEX ? first.link() : headerNameTable;
    if (count < 0 || count > (bytes.byteSize() - offset) / entrySize) {
      throw new BadDataException(name + ": " + count + " section headers do not fit into the file");
    }
    List<Integer> nameOffsets = new ArrayList<>((int) count);
    List<Section> unnamed = new ArrayList<>((int) count);
    for (int i = 0; i < count; i++) {
      c.seek(offset + (long) i * entrySize);
      nameOffsets.add(c.s32());
      c.seek(offset + (long) i * entrySize);
      unnamed.add(readSection(c, ""));
    }
    if (nameTable < 0 || nameTable >= unnamed.size()) {
      return List.copyOf(unnamed);
    }
    ByteCursor names = cursor(unnamed.get(nameTable));
    List<Section> result = new ArrayList<>((int) count);
    for (int i = 0; i < count; i++) {
      Section s = unnamed.get(i);
      long at = nameOffsets.get(i) & 0xffff_ffffL;
      String sectionName = at < names.size() ? names.seek(at).cString(LONGEST_SECTION_NAME) : "";
      result.add(
          new Section(
              sectionName,
              s.type(),
              s.flags(),
              s.address(),
              s.offset(),
              s.size(),
              s.link(),
              s.info(),
              s.entrySize()));
    }
    return List.copyOf(result);
  }

  private static Section readSection(ByteCursor c, String sectionName) {
    c.skip(4);
    int sectionType = c.s32();
    long flags = c.u64();
    long address = c.u64();
    long fileOffset = c.u64();
    long size = c.u64();
    int link = c.s32();
    int info = c.s32();
    c.u64();
    long entrySize = c.u64();
    return new Section(
        sectionName, sectionType, flags, address, fileOffset, size, link, info, entrySize);
  }
}
