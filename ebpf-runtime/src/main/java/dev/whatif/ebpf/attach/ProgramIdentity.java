package dev.whatif.ebpf.attach;

import dev.whatif.core.failure.TargetLostException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Which program a process executes: its auxiliary vector, which the kernel writes anew at every
 * exec. It holds the addresses of the program, its random bytes and the vdso.
 *
 * <p>Addresses that were found before a stop are good in it only if this is still the same: the pid
 * stays through an exec, and so do the threads' numbers.
 */
record ProgramIdentity(int pid, byte[] auxiliaryVector) {

  static ProgramIdentity of(int pid) {
    return new ProgramIdentity(pid, read(pid));
  }

  private static byte[] read(int pid) {
    try {
      return Files.readAllBytes(Path.of("/proc/" + pid + "/auxv"));
    } catch (IOException e) {
      throw new TargetLostException("process " + pid + " has ended", null, e);
    }
  }

  /** To be asked in a stop, where nothing can change it. */
  void require() {
    if (!Arrays.equals(read(pid), auxiliaryVector)) {
      throw new TargetLostException(
          "process " + pid + " has executed another program", "attach to it again");
    }
  }
}
