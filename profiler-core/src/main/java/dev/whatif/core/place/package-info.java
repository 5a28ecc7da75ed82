/**
 * Places in code: from what a user writes to the code of a running target, and from a sampled byte
 * of code to its names.
 *
 * <p>{@link dev.whatif.core.place.Place} is the text taken apart; {@link
 * dev.whatif.core.place.TargetCode} knows the files that the target's processes map and answers in
 * offsets of these files, which are the same in every process and stay so when one starts anew:
 * {@link dev.whatif.core.place.CodeRange} for pieces of code, {@link
 * dev.whatif.core.place.ProbeSite} for instructions where a probe counts. The way back is {@link
 * dev.whatif.core.place.CodeName}: what a byte is called, and which {@link
 * dev.whatif.core.place.Level piece} it belongs to.
 *
 * <p>The code of a function is everything that its author would change by editing it: the function,
 * the parts and copies that the compiler made ({@code f.cold}, {@code f.constprop.0}), every place
 * where it was inlined, and what was inlined into it. It comes from symbols (all names of an
 * address, not only the one that reports show) and from debug information ({@link
 * dev.whatif.core.dwarf.CodeSearch}); the code of a line from line tables; the code of a function
 * without a name from call frame information; static probes from {@link
 * dev.whatif.core.elf.StaticProbe}.
 *
 * <p>What does not exist is an error with the names that come near it.
 */
package dev.whatif.core.place;
