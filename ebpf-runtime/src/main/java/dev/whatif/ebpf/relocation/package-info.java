/**
 * CO-RE, "compile once, run everywhere": programs compiled against one version of a kernel's types
 * are patched to fit another.
 *
 * <p>Clang records at every access to a marked struct what was meant ({@code struct task_struct},
 * access string {@code 0:17}, "byte offset"). A relocation is a question to the types of the
 * target; its answer goes into one instruction. Start at {@link
 * dev.whatif.ebpf.relocation.CoreRelocator}: it parses a record into a question, searches
 * candidates among the target's types, follows the path of the field in each of them, and patches.
 *
 * <p>The rules are libbpf's, to the bit (src/relo_core.c; the kernel relocates with the same file).
 * Where its versions differ, the newest counts. Three differences are deliberate: a number that
 * does not fit its instruction is refused instead of cut off, indices below zero in an access
 * string are refused, and comparisons have a bound of work. The kernel's own relocator is stricter
 * than libbpf in places: it does not take an enum of 32 bits for one of 64, and compares types only
 * two levels deep.
 *
 * <p>What the target does not have is no error in itself: the instruction becomes a call of a
 * helper that no kernel has, and only the verifier can say whether the program ever gets there. The
 * results keep a sentence for each record, so that the verifier's complaint can be explained.
 */
package dev.whatif.ebpf.relocation;
