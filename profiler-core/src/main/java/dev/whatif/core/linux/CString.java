package dev.whatif.core.linux;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** {@code <string.h>}. */
public final class CString {

  private static final MethodHandle STRERROR =
      Native.bind("strerror", FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.JAVA_INT));

  private CString() {}

  /** The sentence for an error number. */
  public static String strerror(int errno) {
    try {
      return ((MemorySegment) STRERROR.invokeExact(errno)).reinterpret(1024).getString(0);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }
}
