/**
 * Debug information, DWARF 2 to 5: from an address to source lines, functions and the functions
 * inlined there.
 *
 * <p>Start at {@link dev.whatif.core.dwarf.DebugInfo}.
 */
package dev.whatif.core.dwarf;
