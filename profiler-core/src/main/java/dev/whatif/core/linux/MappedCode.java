package dev.whatif.core.linux;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Machine code of our own, mapped into this process to be called ({@link FunctionPointer}). Any
 * thread may call it until it is closed.
 *
 * <p>It lies at a random place of its file, for the reason that {@link ExecutableCode} gives.
 */
public final class MappedCode implements AutoCloseable {

  /** Pages that a file could have, of which it has a few. */
  private static final long PLACES = 1 << 20;

  private final MemorySegment mapping;

  private MappedCode(MemorySegment mapping) {
    this.mapping = mapping;
  }

  /**
   * Maps code.
   *
   * @throws LinuxException when this system allows no such memory (sysctl vm.memfd_noexec)
   */
  public static MappedCode of(byte[] code) {
    int page = Unistd.getpagesize();
    long offset = ThreadLocalRandom.current().nextLong(PLACES) * page;
    long size = (code.length + page - 1L) / page * page;
    int fd = Memfd.create("whatif-code", Memfd.MFD_CLOEXEC | Memfd.MFD_EXEC);
    try (FileChannel file =
        FileChannel.open(Path.of("/proc/self/fd/" + fd), StandardOpenOption.WRITE)) {
      file.write(ByteBuffer.wrap(code), offset);
      return new MappedCode(
          Mman.mmap(size, Mman.PROT_READ | Mman.PROT_EXEC, Mman.MAP_PRIVATE, fd, offset));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      Unistd.close(fd);
    }
  }

  /** Where its first byte is. */
  public long address() {
    return mapping.address();
  }

  @Override
  public void close() {
    Mman.munmap(mapping);
  }
}
