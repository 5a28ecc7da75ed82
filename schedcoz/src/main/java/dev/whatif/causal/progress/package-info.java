/**
 * What counts as progress of a program that was not compiled for it: each visit of a place in its
 * code, of a static probe, a system call or a tracepoint.
 *
 * <p>{@link dev.whatif.causal.progress.ProgressPoint} attaches the accounting's visit programs to
 * it. A place in code costs its visitors a trap into the kernel, 0.6 to 11 us in a virtual machine;
 * it is paid in every experiment alike.
 */
package dev.whatif.causal.progress;
