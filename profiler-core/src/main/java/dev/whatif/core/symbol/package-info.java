/**
 * From an address in a process to the functions, files and lines that a programmer knows.
 *
 * <p>{@link dev.whatif.core.symbol.Symbolizer} is the way in. It finds the file behind a mapping
 * (in the target's own mount namespace, deleted or not), takes names from its symbol tables or from
 * its separate debug file ({@link dev.whatif.core.dwarf.DebugFiles}), lines and inlined functions
 * from DWARF, names of the kernel from {@code /proc/kallsyms}, of code made at run time from perf
 * maps, and makes linked names readable ({@link dev.whatif.core.symbol.Demangler}).
 *
 * <p>What is not known is said once an object ({@link
 * dev.whatif.core.symbol.Symbolizer#missing()}), and never stops a profile: a damaged file costs
 * its own names only. Nothing here uses the network.
 */
package dev.whatif.core.symbol;
