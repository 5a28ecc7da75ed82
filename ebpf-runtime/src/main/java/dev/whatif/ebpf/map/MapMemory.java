package dev.whatif.ebpf.map;

import dev.whatif.core.failure.BadDataException;
import dev.whatif.core.failure.UnavailableException;
import dev.whatif.core.linux.Errno;
import dev.whatif.core.linux.Fcntl;
import dev.whatif.core.linux.LinuxException;
import dev.whatif.core.linux.Memfd;
import dev.whatif.core.linux.Mman;
import dev.whatif.core.linux.Unistd;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/**
 * Memory that several processes share: a file without a name, of a size that is for ever, mapped
 * here. Any thread; closing it while another thread uses it is a defect of the caller, as the
 * memory is used by address.
 *
 * <p>All of the memory exists from the beginning, so that nobody who writes there is ended for want
 * of it; the file is sealed against shrinking, so that nobody who maps it can be ended by another.
 */
public final class MapMemory implements AutoCloseable {

  private static final int SEALS = Fcntl.F_SEAL_SHRINK | Fcntl.F_SEAL_GROW | Fcntl.F_SEAL_SEAL;

  private final int fd;
  private final long bytes;
  private final Arena arena;
  private final long address;

  private MapMemory(int fd, long bytes) {
    this.fd = fd;
    this.bytes = bytes;
    this.arena = Arena.ofShared();
    try {
      MemorySegment memory =
          Mman.mmap(bytes, Mman.PROT_READ | Mman.PROT_WRITE, Mman.MAP_SHARED, fd, 0, arena);
      this.address = memory.address();
    } catch (LinuxException e) {
      arena.close();
      throw e;
    }
  }

  /**
   * Makes it, all zeros.
   *
   * @param name for {@code /proc/PID/maps}
   * @param bytes a multiple of the page size
   * @throws UnavailableException when there is not that much memory
   */
  public static MapMemory create(String name, long bytes) {
    if (bytes > AvailableMemory.bytes()) {
      throw noMemory(name, bytes);
    }
    int fd = -1;
    try {
      fd = Memfd.create(name, Memfd.MFD_CLOEXEC | Memfd.MFD_ALLOW_SEALING);
      Fcntl.fallocate(fd, 0, bytes);
      Fcntl.addSeals(fd, SEALS);
      return new MapMemory(fd, bytes);
    } catch (LinuxException e) {
      if (fd >= 0) {
        Unistd.close(fd);
      }
      if (e.is(Errno.ENOSPC) || e.is(Errno.ENOMEM)) {
        throw noMemory(name, bytes);
      }
      throw new UnavailableException(
          "no shared memory of %d bytes for '%s': %s".formatted(bytes, name, e.errno()), null, e);
    }
  }

  private static UnavailableException noMemory(String name, long bytes) {
    return new UnavailableException(
        "'%s' needs %d MiB, and this machine has %d MiB left (%s)"
            .formatted(name, bytes >> 20, AvailableMemory.bytes() >> 20, Errno.ENOMEM.text()),
        "make it smaller");
  }

  /**
   * Maps memory that another process has made.
   *
   * @param fd belongs to the result from then on, or is closed
   * @throws BadDataException when it is no such file
   */
  public static MapMemory open(int fd) {
    try {
      if ((Fcntl.getSeals(fd) & (Fcntl.F_SEAL_SHRINK | Fcntl.F_SEAL_GROW))
          != (Fcntl.F_SEAL_SHRINK | Fcntl.F_SEAL_GROW)) {
        throw new BadDataException("descriptor %d can be cut off by others".formatted(fd));
      }
      long bytes;
      try (FileChannel file = FileChannel.open(Path.of("/proc/self/fd/" + fd))) {
        bytes = file.size();
      }
      if (bytes < MapLayout.PAGE || bytes % MapLayout.PAGE != 0) {
        throw new BadDataException("descriptor %d has %d bytes".formatted(fd, bytes));
      }
      return new MapMemory(fd, bytes);
    } catch (BadDataException e) {
      Unistd.close(fd);
      throw e;
    } catch (IOException | LinuxException e) {
      Unistd.close(fd);
      throw new BadDataException("descriptor %d is no shared memory".formatted(fd), null, e);
    }
  }

  /**
   * Maps memory that another process has open.
   *
   * @throws UnavailableException when that process has no such file, or it may not be looked into
   */
  public static MapMemory open(int pid, int theirFd) {
    int fd;
    try {
      fd = Fcntl.open("/proc/" + pid + "/fd/" + theirFd, Fcntl.O_RDWR | Fcntl.O_CLOEXEC);
    } catch (LinuxException e) {
      throw new UnavailableException(
          "cannot open descriptor %d of process %d: %s".formatted(theirFd, pid, e.errno()),
          null,
          e);
    }
    return open(fd);
  }

  /** The same memory mapped once more, at another address. */
  public MapMemory mapAgain() {
    return open(Unistd.getpid(), fd);
  }

  /** The file; another process maps it from the beginning. */
  public int fd() {
    return fd;
  }

  /** Its size. */
  public long bytes() {
    return bytes;
  }

  /** Where it begins in this process. */
  public long address() {
    return address;
  }

  /** Ends the mapping; the memory lives as long as somebody maps it. */
  @Override
  public void close() {
    if (arena.scope().isAlive()) {
      arena.close();
      Unistd.close(fd);
    }
  }
}
