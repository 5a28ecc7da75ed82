package dev.whatif.core.linux;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** {@code <poll.h>}. */
public final class Poll {

  public static final short POLLIN = 1;
  public static final short POLLERR = 8;
  public static final short POLLHUP = 16;

  /** {@code struct pollfd}: an array of these is what {@link #poll} takes. */
  public static final StructLayout POLLFD =
      MemoryLayout.structLayout(
          ValueLayout.JAVA_INT.withName("fd"),
          ValueLayout.JAVA_SHORT.withName("events"),
          ValueLayout.JAVA_SHORT.withName("revents"));

  private static final long REVENTS = POLLFD.byteOffset(PathElement.groupElement("revents"));
  private static final long EVENTS = POLLFD.byteOffset(PathElement.groupElement("events"));
  private static final MethodHandle POLL =
      Native.bindErrno(
          "poll",
          FunctionDescriptor.of(
              ValueLayout.JAVA_INT,
              ValueLayout.ADDRESS,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_INT));

  private Poll() {}

  /** Fills entry {@code index}; a negative descriptor makes poll skip it. */
  public static void set(MemorySegment entries, int index, int fd, short events) {
    long at = index * POLLFD.byteSize();
    entries.set(ValueLayout.JAVA_INT, at, fd);
    entries.set(ValueLayout.JAVA_SHORT, at + EVENTS, events);
    entries.set(ValueLayout.JAVA_SHORT, at + REVENTS, (short) 0);
  }

  /** What happened to entry {@code index} in the last poll. */
  public static short revents(MemorySegment entries, int index) {
    return entries.get(ValueLayout.JAVA_SHORT, index * POLLFD.byteSize() + REVENTS);
  }

  /**
   * Waits until something happens to one of the descriptors.
   *
   * @param timeoutMillis 0 returns at once, negative waits for ever
   * @return how many entries have something; 0 also when a signal ended the wait
   */
  public static int poll(MemorySegment entries, int count, int timeoutMillis) {
    try {
      int n = (int) POLL.invokeExact(Native.callState(), entries, (long) count, timeoutMillis);
      if (n < 0) {
        LinuxException failed = Native.failed("poll");
        if (failed.is(Errno.EINTR)) {
          return 0;
        }
        throw failed;
      }
      return n;
    } catch (LinuxException e) {
      throw e;
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }
}
