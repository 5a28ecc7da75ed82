package dev.whatif.core.linux;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Instructions of our own in a file without a name, mapped into this process: what the kernel is to
 * probe can be tried out on them. For one thread.
 *
 * <p>They lie at a random place of the file. A process that is killed while it holds a probe leaves
 * it in the kernel ("failed to unregister, leaking uprobe", kernel/events/uprobes.c), which knows
 * it by the address of the file's inode and the place therein, long after the inode has become
 * another file's. A probe at the same place of that file is taken for the old one, and the old
 * instruction is executed for the new one.
 */
public final class ExecutableCode implements AutoCloseable {

  /** Pages that a file could have, of which it has one. */
  private static final long PLACES = 1 << 20;

  private final int fd;
  private final long offset;
  private final MemorySegment mapping;
  private final MethodHandle function;

  private ExecutableCode(int fd, long offset, MemorySegment mapping, MethodHandle function) {
    this.fd = fd;
    this.offset = offset;
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
    int page = Unistd.getpagesize();
    long offset = ThreadLocalRandom.current().nextLong(PLACES) * page;
    try (FileChannel file = FileChannel.open(Path.of(path(fd)), StandardOpenOption.WRITE)) {
      file.write(ByteBuffer.wrap(instructions), offset);
      MemorySegment mapping =
          Mman.mmap(page, Mman.PROT_READ | Mman.PROT_EXEC, Mman.MAP_PRIVATE, fd, offset);
      return new ExecutableCode(
          fd,
          offset,
          mapping,
          Linker.nativeLinker().downcallHandle(mapping, FunctionDescriptor.ofVoid()));
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

  /** Where the instructions begin in the file, bytes. */
  public long offset() {
    return offset;
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
