package dev.whatif.core.process;

import dev.whatif.core.elf.ElfFile;
import dev.whatif.core.failure.BadDataException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * The file behind a mapping, opened wherever it can still be reached.
 *
 * @param elf the opened file; who opens it closes it
 * @param location where it lies in the target's own file system
 * @param root where that file system is seen from here: {@code /proc/PID/root}, or {@code /} when
 *     the process is gone
 */
public record MappedFile(ElfFile elf, Path location, Path root) {

  private static final String DELETED = " (deleted)";

  /**
   * Opens it: through the target's root folder, then by its plain path, then through the kernel's
   * own reference to the mapped file (which works for deleted and replaced files, while the process
   * lives). A file is taken only when it has the inode that was mapped.
   *
   * @throws BadDataException when it cannot be reached any more, or is no ELF file
   */
  public static MappedFile open(int pid, Mapping mapping) {
    Path proc = Path.of("/proc/" + pid);
    Path root = proc.resolve("root");
    String name = mapping.path();
    boolean deleted = name.endsWith(DELETED);
    if (deleted) {
      name = name.substring(0, name.length() - DELETED.length());
    }
    Path location;
    try {
      location = Path.of(name);
      // A file may really be called "x (deleted)"; its inode tells.
      if (isMapped(root.resolve(mapping.path().substring(1)), mapping)) {
        return new MappedFile(
            ElfFile.open(root.resolve(mapping.path().substring(1))), location, root);
      }
      if (isMapped(Path.of(mapping.path()), mapping)) {
        return new MappedFile(ElfFile.open(Path.of(mapping.path())), location, Path.of("/"));
      }
      Optional<Path> held = heldByKernel(pid, mapping);
      if (held.isPresent()) {
        return new MappedFile(ElfFile.open(held.get()), location, root);
      }
    } catch (UncheckedIOException e) {
      throw new BadDataException(name + ": cannot be read: " + e.getMessage(), null, e);
    } catch (InvalidPathException e) {
      throw new BadDataException(name + ": not a path of this system", null, e);
    }
    throw new BadDataException(
        name
            + (deleted
                ? ": was deleted while it ran and its process has ended or is not ours"
                : ": is no longer the file that was mapped (replaced, or in a container that ended)"));
  }

  private static Optional<Path> heldByKernel(int pid, Mapping mapping) {
    Path exe = Path.of("/proc/" + pid + "/exe");
    if (isMapped(exe, mapping)) {
      return Optional.of(exe);
    }
    try {
      for (Mapping m : ProcMaps.read(pid)) {
        if (m.inode() == mapping.inode() && m.device().equals(mapping.device())) {
          Path link = Path.of("/proc/%d/map_files/%x-%x".formatted(pid, m.start(), m.end()));
          if (isMapped(link, mapping)) {
            return Optional.of(link);
          }
        }
      }
    } catch (IOException | BadDataException e) {
      // the process has ended
    }
    return Optional.empty();
  }

  /** Whether a path leads to the mapped file, by inode and device. */
  private static boolean isMapped(Path path, Mapping mapping) {
    try {
      Map<String, Object> found = Files.readAttributes(path, "unix:ino,dev");
      return found.get("ino") instanceof Long inode
          && found.get("dev") instanceof Long device
          && inode == mapping.inode()
          && isDevice(device, mapping.device());
    } catch (IOException | UnsupportedOperationException | SecurityException e) {
      return false;
    }
  }

  private static boolean isDevice(long dev, String mapped) {
    if (mapped.isEmpty()) {
      return true;
    }
    // st_dev as the C library packs it (gnu_dev_major, gnu_dev_minor); maps shows %02x:%02x.
    long major = ((dev >>> 8) & 0xfff) | ((dev >>> 32) & 0xffff_f000L);
    long minor = (dev & 0xff) | ((dev >>> 12) & 0xffff_ff00L);
    if (mapped.equals("%02x:%02x".formatted(major, minor))) {
      return true;
    }
    // btrfs and overlayfs tell stat and maps different devices, both of them unnamed (major 0).
    return major == 0 && mapped.startsWith("00:");
  }
}
