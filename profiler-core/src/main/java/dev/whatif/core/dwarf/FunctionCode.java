package dev.whatif.core.dwarf;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One copy of a function's code: the function itself, or one place where it was inlined. What is
 * inlined into it belongs to it.
 *
 * @param name with what encloses it; only the plain name when there is a linkage name
 * @param linkageName the mangled name, or null
 * @param inlined whether it is a copy inside another function
 * @param entry address of the instruction where it begins to run ({@code DW_AT_entry_pc}, or the
 *     beginning of its first range), in the file's own addresses
 * @param ranges in the order of their addresses, disjoint, never empty
 */
public record FunctionCode(
    String name,
    @Nullable String linkageName,
    boolean inlined,
    long entry,
    List<AddressRange> ranges) {

  /** Copies the lists. */
  public FunctionCode {
    ranges = List.copyOf(ranges);
  }
}
