package dev.whatif.core.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * {@code memfd_create(2)}, of {@code <sys/mman.h>}: files without a name in any folder, kept in
 * memory.
 */
public final class Memfd {

  public static final int MFD_CLOEXEC = 1;
  public static final int MFD_ALLOW_SEALING = 2;

  /** May be mapped executable; said explicitly since Linux 6.3, unknown to older ones. */
  public static final int MFD_EXEC = 0x10;

  private static final MethodHandle MEMFD_CREATE =
      Native.bindErrno(
          "memfd_create",
          FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT));

  private Memfd() {}

  /** Creates one in this process. */
  public static int create(String name, int flags) {
    try (Arena arena = Arena.ofConfined()) {
      int fd = (int) MEMFD_CREATE.invokeExact(Native.callState(), arena.allocateFrom(name), flags);
      if (fd < 0) {
        throw Native.failed("memfd_create");
      }
      return fd;
    } catch (LinuxException e) {
      throw e;
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }
}
