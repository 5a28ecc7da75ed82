package dev.whatif.core.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.stream.Stream;

/**
 * Binds C functions of the process's own libraries.
 *
 * <p>Handles must be kept in {@code static final} fields: only then does the JIT compile the call
 * away (7 ns, else 60).
 */
final class Native {

  private static final Linker LINKER = Linker.nativeLinker();
  private static final Linker.Option CAPTURE_ERRNO = Linker.Option.captureCallState("errno");
  private static final StructLayout STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO = STATE.varHandle(PathElement.groupElement("errno"));
  private static final ThreadLocal<MemorySegment> CALL_STATE =
      ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(STATE));

  private Native() {}

  /** A function that does not set errno. */
  static MethodHandle bind(String name, FunctionDescriptor type, Linker.Option... options) {
    return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), type, options);
  }

  /** A function that sets errno: its handle takes {@link #callState()} as the first argument. */
  static MethodHandle bindErrno(String name, FunctionDescriptor type, Linker.Option... options) {
    Linker.Option[] all =
        Stream.concat(Stream.of(CAPTURE_ERRNO), Arrays.stream(options))
            .toArray(Linker.Option[]::new);
    return bind(name, type, all);
  }

  /** Where this thread's next call leaves errno. */
  static MemorySegment callState() {
    return CALL_STATE.get();
  }

  /** What the last call with {@link #callState()} on this thread left there. */
  static Errno errno() {
    return new Errno((int) ERRNO.get(CALL_STATE.get(), 0L));
  }

  /** The exception for a call that just failed on this thread. */
  static LinuxException failed(String call) {
    return new LinuxException(call, errno());
  }

  /** Wraps what {@code invokeExact} declares but never throws. */
  static AssertionError unexpected(Throwable t) {
    return new AssertionError("a native call threw", t);
  }
}
