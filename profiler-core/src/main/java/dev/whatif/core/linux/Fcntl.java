package dev.whatif.core.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** {@code <fcntl.h>}. */
public final class Fcntl {

  public static final int O_RDONLY = 0;
  public static final int O_RDWR = 2;
  public static final int O_CLOEXEC = 0x80000;
  public static final int F_ADD_SEALS = 1033;
  public static final int F_GET_SEALS = 1034;
  public static final int F_SEAL_SEAL = 1;
  public static final int F_SEAL_SHRINK = 2;
  public static final int F_SEAL_GROW = 4;

  private static final MethodHandle OPEN =
      Native.bindErrno(
          "open",
          FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT),
          Linker.Option.firstVariadicArg(2));
  private static final MethodHandle FALLOCATE =
      Native.bindErrno(
          "fallocate",
          FunctionDescriptor.of(
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_LONG));
  private static final MethodHandle FCNTL =
      Native.bindErrno(
          "fcntl",
          FunctionDescriptor.of(
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_INT),
          Linker.Option.firstVariadicArg(2));

  private Fcntl() {}

  /** Opens an existing file. */
  public static int open(String path, int flags) {
    try (Arena arena = Arena.ofConfined()) {
      int fd = (int) OPEN.invokeExact(Native.callState(), arena.allocateFrom(path), flags);
      if (fd < 0) {
        throw Native.failed("open");
      }
      return fd;
    } catch (LinuxException e) {
      throw e;
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /**
   * Makes a file as large as said and gives it its memory or blocks now, not at the first write.
   */
  public static void fallocate(int fd, long offset, long size) {
    try {
      if ((int) FALLOCATE.invokeExact(Native.callState(), fd, 0, offset, size) != 0) {
        throw Native.failed("fallocate");
      }
    } catch (LinuxException e) {
      throw e;
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** Forbids operations on a memfd for good (F_ADD_SEALS). */
  public static void addSeals(int fd, int seals) {
    fcntl(fd, F_ADD_SEALS, seals);
  }

  /** The operations forbidden on a memfd (F_GET_SEALS). */
  public static int getSeals(int fd) {
    return fcntl(fd, F_GET_SEALS, 0);
  }

  private static int fcntl(int fd, int command, int argument) {
    try {
      int result = (int) FCNTL.invokeExact(Native.callState(), fd, command, argument);
      if (result < 0) {
        throw Native.failed("fcntl");
      }
      return result;
    } catch (LinuxException e) {
      throw e;
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }
}
