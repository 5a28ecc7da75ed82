package dev.whatif.core.dwarf;

import org.jspecify.annotations.Nullable;

/**
 * What a function is called.
 *
 * @param name DW_AT_name; empty when it has none
 * @param scope the namespaces and classes around it, {@code std::vector<int>}; empty when there are
 *     none, or when the linkage name tells them
 * @param linkageName DW_AT_linkage_name or null
 */
record FunctionName(String name, String scope, @Nullable String linkageName) {

  /** With what encloses it. */
  String qualified() {
    return scope.isEmpty() || name.isEmpty() ? name : scope + "::" + name;
  }

  static final FunctionName UNKNOWN = new FunctionName("", "", null);
}
