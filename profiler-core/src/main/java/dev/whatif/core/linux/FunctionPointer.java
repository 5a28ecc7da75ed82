package dev.whatif.core.linux;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * Calls functions by their addresses, System V ABI. Whatever the function does is done: an address
 * that is none, or an argument that it does not expect, ends the process. Any thread.
 */
public final class FunctionPointer {

  private static final MethodHandle THREE =
      Linker.nativeLinker()
          .downcallHandle(
              FunctionDescriptor.of(
                  ValueLayout.JAVA_LONG,
                  ValueLayout.JAVA_LONG,
                  ValueLayout.JAVA_LONG,
                  ValueLayout.JAVA_LONG));

  private static final MethodHandle FIVE =
      Linker.nativeLinker()
          .downcallHandle(
              FunctionDescriptor.of(
                  ValueLayout.JAVA_LONG,
                  ValueLayout.JAVA_LONG,
                  ValueLayout.JAVA_LONG,
                  ValueLayout.JAVA_LONG,
                  ValueLayout.JAVA_LONG,
                  ValueLayout.JAVA_LONG));

  private FunctionPointer() {}

  /** Calls a function of three integers or pointers; what it returns. */
  public static long call(long function, long first, long second, long third) {
    try {
      return (long) THREE.invokeExact(MemorySegment.ofAddress(function), first, second, third);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** Calls a function of five. */
  public static long call(
      long function, long first, long second, long third, long fourth, long fifth) {
    try {
      return (long)
          FIVE.invokeExact(MemorySegment.ofAddress(function), first, second, third, fourth, fifth);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }
}
