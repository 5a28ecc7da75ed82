package dev.whatif.core.dwarf;

import org.jspecify.annotations.Nullable;

/**
 * A function and the line in it.
 *
 * @param function DW_AT_name, unqualified ({@code push_back}, not {@code std::vector::push_back});
 *     empty when no function is known
 * @param scope the namespaces and classes around a function without linkage name, {@code
 *     std::vector<int>}; empty when there are none
 * @param linkageName DW_AT_linkage_name, the mangled name of C++ and Rust, or null
 * @param file full path of the source, normalised; empty when unknown
 * @param line counted from 1; 0 when unknown
 * @param inlined whether this function's code was copied into the next one of the list
 */
public record SourcePosition(
    String function,
    String scope,
    @Nullable String linkageName,
    String file,
    int line,
    boolean inlined) {

  /** The function with what encloses it, {@code std::vector<int>::push_back}. */
  public String qualifiedName() {
    return scope.isEmpty() || function.isEmpty() ? function : scope + "::" + function;
  }
}
