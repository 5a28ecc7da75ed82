package dev.whatif.core.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** {@code <sys/socket.h>}: passing an open file to another process (unix(7), SCM_RIGHTS). */
public final class Socket {

  public static final int AF_UNIX = 1;
  public static final int SOCK_STREAM = 1;
  public static final int SOCK_SEQPACKET = 5;
  public static final int SOCK_CLOEXEC = 0x80000;
  public static final int SOL_SOCKET = 1;
  public static final int SCM_RIGHTS = 1;
  public static final int MSG_DONTWAIT = 0x40;
  public static final int MSG_CMSG_CLOEXEC = 0x4000_0000;
  public static final int MSG_NOSIGNAL = 0x4000;

  /** {@code struct msghdr}. */
  public static final long MSGHDR_BYTES = 56;

  public static final long MSG_NAME = 0;
  public static final long MSG_NAMELEN = 8;
  public static final long MSG_IOV = 16;
  public static final long MSG_IOVLEN = 24;
  public static final long MSG_CONTROL = 32;
  public static final long MSG_CONTROLLEN = 40;
  public static final long MSG_FLAGS = 48;

  /** {@code struct iovec}. */
  public static final long IOVEC_BYTES = 16;

  public static final long IOV_BASE = 0;
  public static final long IOV_LEN = 8;

  /** {@code struct cmsghdr}, and the place of its data. */
  public static final long CMSGHDR_BYTES = 16;

  public static final long CMSG_LEN = 0;
  public static final long CMSG_LEVEL = 8;
  public static final long CMSG_TYPE = 12;

  /** {@code CMSG_SPACE(sizeof(int))}: a control buffer for one file descriptor. */
  public static final long ONE_FD_BYTES = 24;

  private static final MethodHandle SENDMSG =
      Native.bindErrno(
          "sendmsg",
          FunctionDescriptor.of(
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_INT,
              ValueLayout.ADDRESS,
              ValueLayout.JAVA_INT));

  private Socket() {}

  /** Sends one byte and an open file over a connected UNIX socket; does not block. */
  public static void sendFile(int socket, int fd) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment message = arena.allocate(MSGHDR_BYTES, 8);
      MemorySegment vector = arena.allocate(IOVEC_BYTES, 8);
      vector.set(ValueLayout.ADDRESS, IOV_BASE, arena.allocate(1));
      vector.set(ValueLayout.JAVA_LONG, IOV_LEN, 1);
      MemorySegment control = arena.allocate(ONE_FD_BYTES, 8);
      control.set(ValueLayout.JAVA_LONG, CMSG_LEN, CMSGHDR_BYTES + Integer.BYTES);
      control.set(ValueLayout.JAVA_INT, CMSG_LEVEL, SOL_SOCKET);
      control.set(ValueLayout.JAVA_INT, CMSG_TYPE, SCM_RIGHTS);
      control.set(ValueLayout.JAVA_INT, CMSGHDR_BYTES, fd);
      message.set(ValueLayout.ADDRESS, MSG_IOV, vector);
      message.set(ValueLayout.JAVA_LONG, MSG_IOVLEN, 1);
      message.set(ValueLayout.ADDRESS, MSG_CONTROL, control);
      message.set(ValueLayout.JAVA_LONG, MSG_CONTROLLEN, ONE_FD_BYTES);
      long sent =
          (long)
              SENDMSG.invokeExact(Native.callState(), socket, message, MSG_DONTWAIT | MSG_NOSIGNAL);
      if (sent < 0) {
        throw Native.failed("sendmsg");
      }
    } catch (LinuxException e) {
      throw e;
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }
}
