package dev.whatif.core.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** {@code <sys/mman.h>}. */
public final class Mman {

  public static final int PROT_READ = 1;
  public static final int PROT_WRITE = 2;
  public static final int PROT_EXEC = 4;
  public static final int MAP_SHARED = 1;
  public static final int MAP_PRIVATE = 2;

  private static final long MAP_FAILED = -1;
  private static final MethodHandle MMAP =
      Native.bindErrno(
          "mmap",
          FunctionDescriptor.of(
              ValueLayout.ADDRESS,
              ValueLayout.ADDRESS,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_LONG));
  private static final MethodHandle MUNMAP =
      Native.bindErrno(
          "munmap",
          FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG));

  private Mman() {}

  /**
   * Maps a file at an address of the kernel's choice.
   *
   * @return the mapping with its size; the caller must {@link #munmap} it and not touch it later
   */
  public static MemorySegment mmap(long size, int protection, int flags, int fd, long offset) {
    try {
      MemorySegment at =
          (MemorySegment)
              MMAP.invokeExact(
                  Native.callState(), MemorySegment.NULL, size, protection, flags, fd, offset);
      if (at.address() == MAP_FAILED) {
        throw Native.failed("mmap");
      }
      return at.reinterpret(size);
    } catch (LinuxException e) {
      throw e;
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /**
   * Maps a file at an address of the kernel's choice, until the arena is closed: touching it later
   * throws instead of ending the process.
   */
  public static MemorySegment mmap(
      long size, int protection, int flags, int fd, long offset, Arena arena) {
    return mmap(size, protection, flags, fd, offset).reinterpret(size, arena, Mman::munmap);
  }

  /** Ends a mapping. */
  public static void munmap(MemorySegment mapping) {
    try {
      if ((int) MUNMAP.invokeExact(Native.callState(), mapping, mapping.byteSize()) != 0) {
        throw Native.failed("munmap");
      }
    } catch (LinuxException e) {
      throw e;
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }
}
