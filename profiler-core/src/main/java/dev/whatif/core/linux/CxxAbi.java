package dev.whatif.core.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * {@code <cxxabi.h>}: the demangler of GCC's C++ library ({@code libstdc++.so.6}), where that is
 * installed.
 */
public final class CxxAbi {

  private static final @Nullable MethodHandle DEMANGLE = bind();
  private static final MethodHandle FREE =
      Native.bind("free", FunctionDescriptor.ofVoid(ValueLayout.ADDRESS));

  private CxxAbi() {}

  /** Whether the library is there. */
  public static boolean isAvailable() {
    return DEMANGLE != null;
  }

  /**
   * {@code __cxa_demangle}. It recurses on the calling thread's stack (up to 2048 levels), and its
   * time and memory are those of its result, which for a hostile name can be exponential in the
   * name's length: who calls bounds both.
   *
   * @param name begins with {@code _Z}; anything else is taken for a type
   * @return empty when it is no such name, or the library is not installed
   */
  public static Optional<String> demangle(String name) {
    MethodHandle demangle = DEMANGLE;
    if (demangle == null || name.indexOf(0) >= 0) {
      return Optional.empty();
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment text = arena.allocateFrom(name, StandardCharsets.UTF_8);
      MemorySegment result =
          (MemorySegment)
              demangle.invokeExact(
                  text, MemorySegment.NULL, MemorySegment.NULL, MemorySegment.NULL);
      if (result.equals(MemorySegment.NULL)) {
        return Optional.empty();
      }
      try {
        return Optional.of(result.reinterpret(Integer.MAX_VALUE).getString(0));
      } finally {
        FREE.invokeExact(result);
      }
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  private static @Nullable MethodHandle bind() {
    try {
      return SymbolLookup.libraryLookup("libstdc++.so.6", Arena.global())
          .find("__cxa_demangle")
          .map(function ->
              Linker.nativeLinker()
                  .downcallHandle(
                      function,
                      FunctionDescriptor.of(
                          ValueLayout.ADDRESS,
                          ValueLayout.ADDRESS,
                          ValueLayout.ADDRESS,
                          ValueLayout.ADDRESS,
                          ValueLayout.ADDRESS)))
          .orElse(null);
    } catch (IllegalArgumentException e) {
      return null; // not installed
    }
  }
}
