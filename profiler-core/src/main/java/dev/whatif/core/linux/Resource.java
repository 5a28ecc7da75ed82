package dev.whatif.core.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** {@code <sys/resource.h>}. */
public final class Resource {

  public static final int RLIMIT_NOFILE = 7;
  public static final int RLIMIT_MEMLOCK = 8;

  /** {@code struct rlimit}. */
  public static final StructLayout RLIMIT =
      MemoryLayout.structLayout(
          ValueLayout.JAVA_LONG.withName("rlim_cur"), ValueLayout.JAVA_LONG.withName("rlim_max"));

  private static final FunctionDescriptor TYPE =
      FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS);
  private static final MethodHandle GETRLIMIT = Native.bindErrno("getrlimit", TYPE);
  private static final MethodHandle SETRLIMIT = Native.bindErrno("setrlimit", TYPE);

  private Resource() {}

  /**
   * A limit of this process.
   *
   * @param soft what holds now; -1 (unsigned: the largest number) is no limit
   * @param hard how far it may be raised
   */
  public record Limit(long soft, long hard) {

    /** The soft limit, with "none" as {@link Long#MAX_VALUE}. */
    public long effective() {
      return soft < 0 ? Long.MAX_VALUE : soft;
    }
  }

  /** Reads a limit. */
  public static Limit getrlimit(int resource) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment limit = arena.allocate(RLIMIT);
      if ((int) GETRLIMIT.invokeExact(Native.callState(), resource, limit) != 0) {
        throw Native.failed("getrlimit");
      }
      return new Limit(limit.get(ValueLayout.JAVA_LONG, 0), limit.get(ValueLayout.JAVA_LONG, 8));
    } catch (LinuxException e) {
      throw e;
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** Sets a limit. */
  public static void setrlimit(int resource, Limit wanted) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment limit = arena.allocate(RLIMIT);
      limit.set(ValueLayout.JAVA_LONG, 0, wanted.soft());
      limit.set(ValueLayout.JAVA_LONG, 8, wanted.hard());
      if ((int) SETRLIMIT.invokeExact(Native.callState(), resource, limit) != 0) {
        throw Native.failed("setrlimit");
      }
    } catch (LinuxException e) {
      throw e;
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }
}
