package dev.whatif.core.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** {@code <sys/uio.h>}. */
public final class Uio {

  /** {@code sizeof(struct iovec)}: a pointer and a length. */
  static final long IOVEC_BYTES = 16;

  private static final MethodHandle PROCESS_VM_READV =
      Native.bindErrno(
          "process_vm_readv",
          FunctionDescriptor.of(
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_INT,
              ValueLayout.ADDRESS,
              ValueLayout.JAVA_LONG,
              ValueLayout.ADDRESS,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_LONG));

  private Uio() {}

  /**
   * Reads memory of another process, which need not be stopped for it; only pages that it may read
   * itself.
   *
   * @return the bytes read: fewer than asked for when a page in between is missing
   */
  public static long processVmReadv(int pid, long address, MemorySegment into) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment local =
          arena.allocateFrom(ValueLayout.JAVA_LONG, into.address(), into.byteSize());
      MemorySegment remote = arena.allocateFrom(ValueLayout.JAVA_LONG, address, into.byteSize());
      long n =
          (long) PROCESS_VM_READV.invokeExact(Native.callState(), pid, local, 1L, remote, 1L, 0L);
      if (n < 0) {
        throw Native.failed("process_vm_readv");
      }
      return n;
    } catch (LinuxException e) {
      throw e;
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }
}
