package dev.whatif.core.symbol;

import dev.whatif.core.linux.CxxAbi;
import java.util.Optional;

/**
 * Makes linked names readable: C++ (Itanium ABI, by the system's {@code libstdc++.so.6}), Rust
 * (legacy and RFC 2603). A name that is neither, or that is damaged, stays as it is.
 *
 * <p>Any thread may use it; a call takes microseconds and is bounded for hostile names.
 */
public final class Demangler {

  /** The library refuses longer ones itself (it allows two components a byte, 2048 in all). */
  private static final int MAX_CPP_CHARS = 1023;

  /**
   * Every reference to an earlier part may stand for all of it, so the text can grow by a factor of
   * 3 for each 3 references. 38,000 names of libLLVM and libstdc++ have at most 40.
   */
  private static final int MAX_CPP_REFERENCES = 40;

  /** What {@link dev.whatif.core.elf.SymbolTable} adds to entries of procedure linkage tables. */
  private static final String PLT = "@plt";

  private Demangler() {}

  /**
   * A readable name.
   *
   * @param text the name
   * @param cpp whether it was a mangled C++ name
   */
  public record Demangled(String text, boolean cpp) {}

  /** The readable form of a linked name, without a symbol version. */
  public static Demangled demangle(String name) {
    if (name.startsWith("_") && name.endsWith(PLT)) {
      Demangled called = linked(name.substring(0, name.length() - PLT.length()));
      return new Demangled(called.text() + PLT, called.cpp());
    }
    return linked(name);
  }

  private static Demangled linked(String name) {
    if (name.startsWith("_R")) {
      return new Demangled(RustV0.demangle(name).orElse(name), false);
    }
    Optional<String> rust = RustLegacy.demangle(name);
    if (rust.isPresent()) {
      return new Demangled(rust.get(), false);
    }
    if (name.startsWith("_Z")
        && name.length() <= MAX_CPP_CHARS
        && references(name) <= MAX_CPP_REFERENCES) {
      Optional<String> cpp = CxxAbi.demangle(name);
      if (cpp.isPresent()) {
        return new Demangled(cpp.get(), true);
      }
    }
    return new Demangled(name, false);
  }

  /** Number of {@code S_}, {@code S1_}, {@code T_}, {@code T0_} and the like. */
  private static int references(String name) {
    int n = 0;
    int i = 0;
    while (i < name.length()) {
      char c = name.charAt(i++);
      if (c == 'S' || c == 'T') {
        int j = i;
        while (j < name.length() && isSequence(name.charAt(j))) {
          j++;
        }
        if (j < name.length() && name.charAt(j) == '_') {
          n++;
          i = j + 1;
        }
      }
    }
    return n;
  }

  private static boolean isSequence(char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z');
  }
}
