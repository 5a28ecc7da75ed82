package dev.whatif.core.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** {@code <dlfcn.h>}. */
public final class Dlfcn {

  /** Resolve functions when they are first called ({@code bits/dlfcn.h}). */
  private static final int RTLD_LAZY = 1;

  private static final MethodHandle DLOPEN =
      Native.bind(
          "dlopen",
          FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.JAVA_INT));
  private static final MethodHandle DLCLOSE =
      Native.bind("dlclose", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS));

  private Dlfcn() {}

  /**
   * Whether the loader finds a library by this name, searching as it would for a program that needs
   * it. Loads it into this process for a moment, which runs its constructors.
   *
   * @param name as in DT_NEEDED, for example {@code libssl.so.3}
   */
  public static boolean canLoad(String name) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment handle =
          (MemorySegment) DLOPEN.invokeExact(arena.allocateFrom(name), RTLD_LAZY);
      if (handle.equals(MemorySegment.NULL)) {
        return false;
      }
      int ignored = (int) DLCLOSE.invokeExact(handle);
      return true;
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }
}
