package dev.whatif.core.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** {@code <sys/wait.h>}. */
public final class Wait {

  public static final int WNOHANG = 1;
  public static final int WUNTRACED = 2;

  private static final MethodHandle WAITPID =
      Native.bindErrno(
          "waitpid",
          FunctionDescriptor.of(
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_INT,
              ValueLayout.ADDRESS,
              ValueLayout.JAVA_INT));

  private Wait() {}

  /**
   * What waitpid reports.
   *
   * @param pid whose status it is; 0 when nothing happened (only with {@link #WNOHANG})
   * @param word the status as the kernel encodes it
   */
  public record Status(int pid, int word) {

    /** {@code WIFEXITED}. */
    public boolean exited() {
      return pid != 0 && (word & 0x7f) == 0;
    }

    /** {@code WEXITSTATUS}: 0 to 255. */
    public int exitStatus() {
      return word >> 8 & 0xff;
    }

    /** {@code WIFSIGNALED}. */
    public boolean signaled() {
      return pid != 0 && (word & 0x7f) != 0 && (word & 0x7f) != 0x7f;
    }

    /** {@code WTERMSIG}. */
    public int signal() {
      return word & 0x7f;
    }

    /** {@code WIFSTOPPED}. */
    public boolean stopped() {
      return pid != 0 && (word & 0xff) == 0x7f;
    }
  }

  /** Waits for a child; goes on waiting after EINTR. */
  public static Status waitpid(int pid, int options) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment word = arena.allocate(ValueLayout.JAVA_INT);
      while (true) {
        int who = (int) WAITPID.invokeExact(Native.callState(), pid, word, options);
        if (who >= 0) {
          return new Status(who, word.get(ValueLayout.JAVA_INT, 0));
        }
        LinuxException failed = Native.failed("waitpid");
        if (!failed.is(Errno.EINTR)) {
          throw failed;
        }
      }
    } catch (LinuxException e) {
      throw e;
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }
}
