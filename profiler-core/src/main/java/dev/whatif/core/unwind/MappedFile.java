package dev.whatif.core.unwind;

import dev.whatif.core.process.Mapping;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Where to open the file that a process has mapped, which may be in another mount namespace. */
final class MappedFile {

  private MappedFile() {}

  /**
   * A path under which exactly that file can be opened now.
   *
   * <p>{@code /proc/PID/map_files} gives the file itself, even when it is deleted or replaced, but
   * needs CAP_SYS_ADMIN or CAP_CHECKPOINT_RESTORE ({@code fs/proc/base.c}); a path counts only when
   * it leads to the mapped inode.
   */
  static Optional<Path> find(int pid, Mapping m) {
    Path exact =
        Path.of(
            "/proc/%d/map_files/%s-%s"
                .formatted(pid, Long.toHexString(m.start()), Long.toHexString(m.end())));
    if (shows(exact, m)) {
      return Optional.of(exact);
    }
    Path seenByTarget = Path.of("/proc/" + pid + "/root" + m.path());
    if (shows(seenByTarget, m)) {
      return Optional.of(seenByTarget);
    }
    // The process may have ended before its last samples are unwound.
    Path seenByUs = Path.of(m.path());
    return shows(seenByUs, m) ? Optional.of(seenByUs) : Optional.empty();
  }

  private static boolean shows(Path path, Mapping m) {
    try {
      return Files.isReadable(path)
          && ((Number) Files.getAttribute(path, "unix:ino")).longValue() == m.inode();
    } catch (IOException e) {
      return false;
    }
  }
}
