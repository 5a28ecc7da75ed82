package dev.whatif.core.symbol;

import dev.whatif.core.dwarf.AltLink;
import dev.whatif.core.elf.BuildId;
import dev.whatif.core.elf.ByteCursor;
import dev.whatif.core.elf.ElfFile;
import dev.whatif.core.elf.Section;
import dev.whatif.core.failure.BadDataException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * Finds the separate debug file of a stripped program, as gdb does (GDB manual, "Debugging
 * Information in Separate Files"): by build-id below the debug folders and in debuginfod's cache,
 * then by {@code .gnu_debuglink} beside the program.
 *
 * <p>A file is taken only when it proves to belong: by its build-id, or by the checksum that the
 * program states when it has no build-id. Nothing is fetched from the network. Immutable; any
 * thread may use it.
 */
public final class DebugFiles {

  /** The variable that names more debug folders, separated by colons. */
  public static final String VARIABLE = "WHATIF_DEBUG_DIRS";

  private static final Path SYSTEM = Path.of("/usr/lib/debug");
  private static final int MAX_NAME_BYTES = 4096;

  private final List<Path> folders;
  private final @Nullable Path debuginfodCache;

  /**
   * Searches these folders only.
   *
   * @param folders each laid out like {@code /usr/lib/debug}; earlier ones win
   * @param debuginfodCache folder of {@code BUILDID/debuginfo}, or null
   */
  public DebugFiles(List<Path> folders, @Nullable Path debuginfodCache) {
    this.folders = List.copyOf(folders);
    this.debuginfodCache = debuginfodCache;
  }

  /** Searches {@value #VARIABLE}, then {@code /usr/lib/debug} and debuginfod's cache. */
  public static DebugFiles standard() {
    Set<Path> folders = new LinkedHashSet<>();
    for (String folder : System.getenv().getOrDefault(VARIABLE, "").split(":", -1)) {
      if (!folder.isEmpty()) {
        folders.add(Path.of(folder));
      }
    }
    folders.add(SYSTEM);
    String cache = System.getenv("DEBUGINFOD_CACHE_PATH");
    Path cacheFolder =
        cache != null
            ? Path.of(cache)
            : Path.of(System.getProperty("user.home", "/"), ".cache", "debuginfod_client");
    return new DebugFiles(List.copyOf(folders), cacheFolder);
  }

  /**
   * The separate debug file of an object.
   *
   * @param object the stripped file
   * @param location where it lies in its own file system, for {@code .gnu_debuglink}
   * @param root where that file system is seen from here: {@code /}, or {@code /proc/PID/root} of a
   *     process in another mount namespace
   * @return opened, to be closed by the caller; empty when there is none
   */
  public Optional<ElfFile> debugFileOf(ElfFile object, Path location, Path root) {
    Optional<BuildId> id = object.buildId();
    if (id.isPresent()) {
      Optional<ElfFile> found = firstWithId(byId(id.get(), root), id.get());
      if (found.isPresent()) {
        return found;
      }
    }
    return byLink(object, location, root, id.orElse(null));
  }

  /**
   * The file that dwz moved common debug information to ({@link AltLink}).
   *
   * @param debug the file with the debug information
   * @param location where that file lies
   * @return opened, to be closed by the caller; empty when none is named or it is not found
   */
  public Optional<ElfFile> supplementaryOf(ElfFile debug, Path location) {
    Optional<AltLink> link = AltLink.of(debug);
    if (link.isEmpty()) {
      return Optional.empty();
    }
    String name = link.get().path();
    BuildId id = link.get().buildId();
    List<Path> candidates = new ArrayList<>();
    try {
      if (name.length() <= MAX_NAME_BYTES) {
        candidates.add(folderOf(location).resolve(name).normalize());
      }
    } catch (InvalidPathException e) {
      // a name that no file can have: the build-id may still find it
    }
    candidates.addAll(byId(id, Path.of("/")));
    for (Path folder : folders) {
      candidates.add(folder.resolve(".dwz").resolve(id.hex() + ".debug"));
      candidates.add(folder.resolve(".dwz").resolve(fileNameOf(name)));
    }
    return firstWithId(candidates, id);
  }

  private List<Path> byId(BuildId id, Path root) {
    List<Path> result = new ArrayList<>();
    if (id.hex().length() < 4) {
      return result;
    }
    String name = ".build-id/" + id.hex().substring(0, 2) + "/" + id.hex().substring(2) + ".debug";
    for (Path folder : foldersIn(root)) {
      result.add(folder.resolve(name));
    }
    if (debuginfodCache != null) {
      result.add(debuginfodCache.resolve(id.hex()).resolve("debuginfo"));
    }
    return result;
  }

  private Optional<ElfFile> byLink(
      ElfFile object, Path location, Path root, @Nullable BuildId expected) {
    Optional<Section> link = object.section(".gnu_debuglink");
    if (link.isEmpty()) {
      return Optional.empty();
    }
    ByteCursor c = object.cursor(link.get());
    String name = c.cString();
    c.seek(c.position() + 3 & ~3L);
    long checksum = c.u32();
    String file = fileNameOf(name);
    if (file.isEmpty() || !file.equals(name)) {
      return Optional.empty();
    }
    Path folder = folderOf(location);
    List<Path> candidates = new ArrayList<>();
    candidates.add(within(root, folder).resolve(file));
    candidates.add(within(root, folder).resolve(".debug").resolve(file));
    for (Path debug : foldersIn(root)) {
      candidates.add(within(debug, folder).resolve(file));
    }
    for (Path candidate : candidates) {
      Optional<ElfFile> elf = open(candidate);
      if (elf.isPresent()) {
        if (belongs(elf.get(), candidate, expected, checksum)) {
          return elf;
        }
        elf.get().close();
      }
    }
    return Optional.empty();
  }

  private static boolean belongs(
      ElfFile candidate, Path path, @Nullable BuildId expected, long checksum) {
    Optional<BuildId> id = candidate.buildId();
    if (expected != null && id.isPresent()) {
      return id.get().equals(expected) && hasDebugSections(candidate);
    }
    return checksumOf(path) == checksum;
  }

  /** The program itself carries the same build-id: it is no debug file of itself. */
  private static boolean hasDebugSections(ElfFile elf) {
    return elf.section(".debug_info").isPresent() || elf.section(".symtab").isPresent();
  }

  private static Optional<ElfFile> firstWithId(List<Path> candidates, BuildId id) {
    for (Path candidate : candidates) {
      Optional<ElfFile> elf = open(candidate);
      if (elf.isPresent()) {
        if (elf.get().buildId().equals(Optional.of(id)) && hasDebugSections(elf.get())) {
          return elf;
        }
        elf.get().close();
      }
    }
    return Optional.empty();
  }

  private static Optional<ElfFile> open(Path path) {
    try {
      return Files.isRegularFile(path) ? Optional.of(ElfFile.open(path)) : Optional.empty();
    } catch (BadDataException | UncheckedIOException e) {
      return Optional.empty(); // not the file that was looked for
    }
  }

  /**
   * CRC-32 of a whole file, as objcopy writes it into {@code .gnu_debuglink}; -1 when unreadable.
   */
  private static long checksumOf(Path path) {
    CRC32 crc = new CRC32();
    ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
    try (FileChannel channel = FileChannel.open(path)) {
      while (channel.read(buffer) >= 0) {
        crc.update(buffer.flip());
        buffer.clear();
      }
      return crc.getValue();
    } catch (IOException e) {
      return -1;
    }
  }

  private List<Path> foldersIn(Path root) {
    if (root.getNameCount() == 0) {
      return folders;
    }
    List<Path> result = new ArrayList<>(folders);
    result.add(within(root, SYSTEM));
    return result;
  }

  private static Path within(Path root, Path absolute) {
    return root.resolve(absolute.toString().substring(1));
  }

  private static Path folderOf(Path file) {
    Path parent = file.toAbsolutePath().normalize().getParent();
    return parent == null ? Path.of("/") : parent;
  }

  private static String fileNameOf(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }
}
