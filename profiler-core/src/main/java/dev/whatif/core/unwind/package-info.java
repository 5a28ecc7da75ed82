/**
 * From registers and stack bytes to the frames of a stack, without frame pointers.
 *
 * <p>Compilers describe for every instruction how to find the caller's frame: call frame
 * information in {@code .eh_frame} (System V ABI, LSB core, chapter 10.6) and {@code .debug_frame}
 * (DWARF 5, section 6.4). {@link dev.whatif.core.unwind.UnwindTable} is that information of one
 * file, run through once and laid out as sorted rows of fixed-size rules ({@link
 * dev.whatif.core.unwind.UnwindTableLayout}); {@link dev.whatif.core.unwind.UnwindTables} finds and
 * keeps the tables of what processes have mapped; {@link dev.whatif.core.unwind.Unwinder} applies
 * them frame by frame. Start reading there.
 *
 * <p>Promises: the frames are those that gdb shows at the same stop (tests compare); a frame that
 * was guessed says so; a stack that ends early says why. Files and stacks may be hostile: damaged
 * call frame information is left out and counted, work and memory are bounded by the size of the
 * input.
 *
 * <p>Not done: call frame information that a program registers at run time ({@code
 * __register_frame}), pointers with the indirect encoding as code addresses, other machines than
 * x86-64.
 */
package dev.whatif.core.unwind;
