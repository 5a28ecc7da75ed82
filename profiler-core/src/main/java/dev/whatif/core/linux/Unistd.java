package dev.whatif.core.linux;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** {@code <unistd.h>}. */
public final class Unistd {

  private static final MethodHandle CLOSE =
      Native.bindErrno("close", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
  private static final MethodHandle READ =
      Native.bindErrno(
          "read",
          FunctionDescriptor.of(
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_INT,
              ValueLayout.ADDRESS,
              ValueLayout.JAVA_LONG));
  private static final MethodHandle GETPID =
      Native.bind("getpid", FunctionDescriptor.of(ValueLayout.JAVA_INT));
  private static final MethodHandle GETPPID =
      Native.bind("getppid", FunctionDescriptor.of(ValueLayout.JAVA_INT));
  private static final MethodHandle GETEUID =
      Native.bind("geteuid", FunctionDescriptor.of(ValueLayout.JAVA_INT));
  private static final MethodHandle GETUID =
      Native.bind("getuid", FunctionDescriptor.of(ValueLayout.JAVA_INT));
  private static final MethodHandle GETGID =
      Native.bind("getgid", FunctionDescriptor.of(ValueLayout.JAVA_INT));
  private static final MethodHandle GETPAGESIZE =
      Native.bind("getpagesize", FunctionDescriptor.of(ValueLayout.JAVA_INT));

  private Unistd() {}

  /** Closes a file descriptor; a failure is a defect of the caller and is thrown. */
  public static void close(int fd) {
    try {
      if ((int) CLOSE.invokeExact(Native.callState(), fd) != 0) {
        throw Native.failed("close");
      }
    } catch (LinuxException e) {
      throw e;
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** Reads at most the size of the buffer; returns the bytes read, 0 at the end. */
  public static long read(int fd, MemorySegment buffer) {
    try {
      long n = (long) READ.invokeExact(Native.callState(), fd, buffer, buffer.byteSize());
      if (n < 0) {
        throw Native.failed("read");
      }
      return n;
    } catch (LinuxException e) {
      throw e;
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** The process that this code runs in. */
  public static int getpid() {
    try {
      return (int) GETPID.invokeExact();
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** The parent of this process; a system call, every time. */
  public static int getppid() {
    try {
      return (int) GETPPID.invokeExact();
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** The effective user; 0 is root. */
  public static int geteuid() {
    try {
      return (int) GETEUID.invokeExact();
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** The real user, who started the process. */
  public static int getuid() {
    try {
      return (int) GETUID.invokeExact();
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** The real group. */
  public static int getgid() {
    try {
      return (int) GETGID.invokeExact();
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** Bytes of a page. */
  public static int getpagesize() {
    try {
      return (int) GETPAGESIZE.invokeExact();
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }
}
