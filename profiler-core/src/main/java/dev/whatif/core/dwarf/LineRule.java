package dev.whatif.core.dwarf;

/**
 * Which row of a line table counts where several have the same address.
 *
 * <p>Compilers that keep views (DWARF 5, 6.2.2: a statement begins without any instruction of its
 * own) write many such rows.
 */
public enum LineRule {
  /**
   * The last one, which belongs to the instruction: what {@code addr2line} and {@code perf} show.
   */
  LAST_ROW,
  /**
   * The last one where a statement begins (is_stmt), the last of all if there is none: what gdb
   * shows, which wants to stop at statements ({@code lnp_state_machine::record_line}). It may
   * belong to a function that has left no instruction there.
   */
  STATEMENT
}
