package dev.whatif.core.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** {@code struct winsize} of {@code include/uapi/asm-generic/termios.h} and its ioctl. */
public final class WindowSize {

  /** include/uapi/asm-generic/ioctls.h. */
  private static final long TIOCGWINSZ = 0x5413;

  private static final long SIZEOF_WINSIZE = 8;
  private static final long OFFSET_WS_COL = 2;

  private static final MethodHandle IOCTL =
      Native.bindErrno(
          "ioctl",
          FunctionDescriptor.of(
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_LONG,
              ValueLayout.ADDRESS),
          Linker.Option.firstVariadicArg(2));

  private WindowSize() {}

  /**
   * The width of the terminal behind a file descriptor: 0 when the terminal does not know, -1 when
   * it is no terminal.
   */
  public static int columns(int fd) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment size = arena.allocate(SIZEOF_WINSIZE);
      int result = (int) IOCTL.invokeExact(Native.callState(), fd, TIOCGWINSZ, size);
      return result < 0 ? -1 : Short.toUnsignedInt(size.get(ValueLayout.JAVA_SHORT, OFFSET_WS_COL));
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }
}
