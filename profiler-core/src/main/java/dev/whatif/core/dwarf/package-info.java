/**
 * Debug information, DWARF 2 to 5: from an address to its source line, its function and the
 * functions inlined there; what {@code addr2line -i -f} says, fast enough for every sample.
 *
 * <p>Start at {@link dev.whatif.core.dwarf.DebugInfo}. The way of an address: {@code UnitMap} says
 * which unit claims it; {@code UnitCode} holds that unit's tables, read at the first question and
 * cut into spans with one answer each. A span joins two maps over the address line ({@code
 * AddressMap}): rows of the line table ({@code LineHeader}, {@code LineProgram}, {@code LineRows})
 * and the innermost function ({@code FunctionScan} collects a {@code FunctionTree}, {@code Overlay}
 * flattens it). The line of the innermost frame is the row's; the line of each frame around it is
 * where the inner one was called (DW_AT_call_file, DW_AT_call_line).
 *
 * <p>Names are read when a frame is shown for the first time, along DW_AT_abstract_origin and
 * DW_AT_specification, into other units (link-time optimisation), the supplementary file that dwz
 * makes, or wherever they lead ({@code Entry}). Partial units need no importing for that: they hold
 * no code, and references to them are direct. With {@code -gsplit-dwarf} the functions are in
 * {@code .dwo} files or a {@code .dwp} package ({@code SplitFiles}), the lines in the program.
 *
 * <p>Everything read may be hostile. Numbers come through {@code SectionReader}, which cannot leave
 * its section; entries are walked without recursion; lists that may be shared (ranges) and
 * attributes that cost no bytes are counted against the size of the section; references are
 * followed 32 steps; inlining deeper than 256 counts as its caller's code. Damage costs the answers
 * of one unit and is told by {@link dev.whatif.core.dwarf.DebugInfo#damage()}.
 *
 * <p>Where the information lies apart from the program, {@link dev.whatif.core.dwarf.DebugFiles}
 * finds it; names and call frame information may lie there as well.
 *
 * <p>Not here: type units and types, locations of variables, call frame information (package {@code
 * unwind}), names from symbol tables (package {@code symbol}). A function without a linkage name
 * keeps its plain one; where code belongs to no function of the debug information (hand-written
 * assembly, padding) the function is empty.
 */
package dev.whatif.core.dwarf;
