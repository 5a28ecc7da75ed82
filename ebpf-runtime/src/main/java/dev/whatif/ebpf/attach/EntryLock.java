package dev.whatif.ebpf.attach;

import dev.whatif.core.failure.TargetLostException;
import dev.whatif.core.failure.UnavailableException;
import dev.whatif.core.linux.Fcntl;
import dev.whatif.core.linux.Flock;
import dev.whatif.core.linux.LinuxException;
import dev.whatif.core.linux.Unistd;
import dev.whatif.core.process.ProcTasks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * One controller at a time: a flock(2) on {@code /proc/PID/stat}.
 *
 * <p>Such a lock leaves nothing in the target or on a disk, belongs to this process and not to a
 * number that may be used again, and ends with its holder however that dies. It only keeps those
 * apart who see the same {@code /proc}.
 */
final class EntryLock implements AutoCloseable {

  private final int fd;

  private EntryLock(int fd) {
    this.fd = fd;
  }

  /**
   * Takes it.
   *
   * @throws UnavailableException when another controller is in the target: says which
   */
  static EntryLock take(int pid) {
    String file = "/proc/" + pid + "/stat";
    int fd;
    try {
      fd = Fcntl.open(file, Fcntl.O_RDONLY | Fcntl.O_CLOEXEC);
    } catch (LinuxException e) {
      throw new TargetLostException("process " + pid + " has ended", null, e);
    }
    if (Flock.tryExclusive(fd)) {
      return new EntryLock(fd);
    }
    String holder = holder(file);
    Unistd.close(fd);
    throw new UnavailableException(
        "process %d is entered already by %s".formatted(pid, holder), "end that one first");
  }

  /** {@code /proc/locks}: "1: FLOCK ADVISORY WRITE 812 00:15:4711 0 EOF". */
  private static String holder(String file) {
    try {
      Object inode = Files.getAttribute(Path.of(file), "unix:ino");
      try (var lines = Files.lines(Path.of("/proc/locks"))) {
        Optional<Integer> pid =
            lines
                .map(l -> l.strip().split("\\s+"))
                .filter(f -> f.length > 5 && f[1].equals("FLOCK") && f[5].endsWith(":" + inode))
                .map(f -> Integer.valueOf(f[4]))
                .findFirst();
        if (pid.isPresent()) {
          String name = ProcTasks.name(pid.get(), pid.get()).orElse("unknown");
          return "%s (pid %d)".formatted(name, pid.get());
        }
      }
    } catch (IOException | java.io.UncheckedIOException | NumberFormatException e) {
      return "another whatif";
    }
    return "another whatif";
  }

  @Override
  public void close() {
    Unistd.close(fd);
  }
}
