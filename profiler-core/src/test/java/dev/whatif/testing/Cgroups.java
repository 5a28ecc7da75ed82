package dev.whatif.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** Control groups for tests. */
public final class Cgroups {

  private Cgroups() {}

  /** Where groups can be made: version 2 alone, or beside version 1. */
  public static Optional<Path> root() {
    return Stream.of("/sys/fs/cgroup", "/sys/fs/cgroup/unified")
        .map(Path::of)
        .filter(f -> Files.isWritable(f.resolve("cgroup.procs")))
        .filter(Cgroups::canMakeOne)
        .findFirst();
  }

  private static boolean canMakeOne(Path root) {
    try {
      Files.delete(Files.createDirectory(root.resolve("whatif-probe-" + pid())));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** A name that no other run of the tests uses at this time. */
  public static long pid() {
    return ProcessHandle.current().pid();
  }
}
