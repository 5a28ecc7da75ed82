package dev.whatif.core.dwarf;

import org.jspecify.annotations.Nullable;

/**
 * A piece of code that belongs to a physical function: usually all of it, or its hot or cold part.
 *
 * @param name DW_AT_name, with the namespaces and classes around it when there is no linkage name;
 *     empty when unknown
 * @param linkageName DW_AT_linkage_name or null
 * @param start address of its first byte, in the file's own addresses
 * @param size bytes
 */
public record FunctionRange(String name, @Nullable String linkageName, long start, long size) {}
