package dev.whatif.core.linux;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Instructions of our own in a file without a name, mapped into this process: what the kernel is to
 * probe can be tried out on them. For one thread.
 */
public final class ExecutableCode implements AutoCloseable {

  private final int fd;
  private final MemorySegment mapping;
  private final MethodHandle function;

  private ExecutableCode(int fd, MemorySegment mapping, MethodHandle function) {
    this.fd = fd;
    this.mapping = mapping;
    this.function = function;
  }

  /**
   * Maps a function without arguments or result (System V ABI 3.2).
   *
   * @param instructions of this machine, which end with a return; whatever they do is done
   * @throws LinuxException when this system allows no such memory (sysctl vm.memfd_noexec)
   */
  public static ExecutableCode of(byte[] instructions) {
    int fd = Memfd.create("whatif-code", Memfd.MFD_CLOEXEC | Memfd.MFD_EXEC);
    try {
      Files.write(Path.of(path(fd)), instructions);
      MemorySegment mapping =
          Mman.mmap(Unistd.getpagesize(), Mman.PROT_READ | Mman.PROT_EXEC, Mman.MAP_PRIVATE, fd, 0);
      return new ExecutableCode(
          fd, mapping, Linker.nativeLinker().downcallHandle(mapping, FunctionDescriptor.ofVoid()));
    } catch (LinuxException e) {
      Unistd.close(fd);
      throw e;
    } catch (IOException e) {
      Unistd.close(fd);
      throw new UncheckedIOException(e);
    }
  }

  /** The file's path, for as long as this is open. */
  public String path() {
    return path(fd);
  }

  private static String path(int fd) {
    return "/proc/" + Unistd.getpid() + "/fd/" + fd;
  }

  /** Executes it. */
  public void call() {
    try {
      function.invokeExact();
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  @Override
  public void close() {
    Mman.munmap(mapping);
    Unistd.close(fd);
  }
}
