package dev.whatif.core.dwarf;

import org.jspecify.annotations.Nullable;

/**
 * What a function is called.
 *
 * @param name DW_AT_name; empty when it has none
 * @param linkageName DW_AT_linkage_name or null
 */
record FunctionName(String name, @Nullable String linkageName) {

  static final FunctionName UNKNOWN = new FunctionName("", null);
}
