package dev.whatif.ebpf.attach;

import dev.whatif.core.failure.TargetLostException;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** The file descriptors of a process, as the links in {@code /proc/PID/fd} show them. */
final class OpenFiles {

  private static final String SOCKET = "socket:[";

  private OpenFiles() {}

  /** What a descriptor is open on; "" when it is not open. */
  static String link(int pid, int fd) {
    try {
      return Files.readSymbolicLink(Path.of("/proc/" + pid + "/fd/" + fd)).toString();
    } catch (IOException e) {
      return "";
    }
  }

  /** The inode of a socket; 0 when the descriptor is none. */
  static long socketInode(int pid, int fd) {
    String link = link(pid, fd);
    return link.startsWith(SOCKET) && link.endsWith("]")
        ? Long.parseLong(link, SOCKET.length(), link.length() - 1, 10)
        : 0;
  }

  /** The descriptors that are open on such files. */
  static List<Integer> on(int pid, Predicate<String> shown) {
    List<Integer> result = new ArrayList<>();
    try (DirectoryStream<Path> links = Files.newDirectoryStream(Path.of("/proc/" + pid + "/fd"))) {
      for (Path link : links) {
        int fd = Integer.parseInt(link.getFileName().toString());
        if (shown.test(link(pid, fd))) {
          result.add(fd);
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      throw new TargetLostException("process " + pid + " has ended", null, e);
    }
    return result;
  }
}
