package dev.whatif.core.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** {@code <sched.h>}: which CPUs the calling thread may use. */
public final class Sched {

  /** As many CPUs as the C library's {@code cpu_set_t} could ever name, and more. */
  private static final int SET_BYTES = 1024;

  private static final FunctionDescriptor TYPE =
      FunctionDescriptor.of(
          ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.ADDRESS);
  private static final MethodHandle GET = Native.bindErrno("sched_getaffinity", TYPE);
  private static final MethodHandle SET = Native.bindErrno("sched_setaffinity", TYPE);

  private Sched() {}

  /**
   * CPUs as the kernel keeps them: bit {@code n % 8} of byte {@code n / 8} is CPU n.
   *
   * @param mask not to be changed
   */
  public record CpuSet(byte[] mask) {

    /** One CPU. */
    public static CpuSet of(int cpu) {
      byte[] mask = new byte[SET_BYTES];
      mask[cpu / Byte.SIZE] = (byte) (1 << cpu % Byte.SIZE);
      return new CpuSet(mask);
    }
  }

  /** The CPUs that the calling thread may use. */
  public static CpuSet affinity() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment set = arena.allocate(SET_BYTES);
      call(GET, "sched_getaffinity", set);
      return new CpuSet(set.toArray(ValueLayout.JAVA_BYTE));
    }
  }

  /**
   * Restricts the calling thread to them, and moves it there.
   *
   * @throws LinuxException EINVAL when its control group allows it none of them
   */
  public static void setAffinity(CpuSet cpus) {
    try (Arena arena = Arena.ofConfined()) {
      call(SET, "sched_setaffinity", arena.allocateFrom(ValueLayout.JAVA_BYTE, cpus.mask()));
    }
  }

  private static void call(MethodHandle function, String name, MemorySegment set) {
    try {
      if ((int) function.invokeExact(Native.callState(), 0, set.byteSize(), set) != 0) {
        throw Native.failed(name);
      }
    } catch (LinuxException e) {
      throw e;
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }
}
