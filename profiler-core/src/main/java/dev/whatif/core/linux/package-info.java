/**
 * The kernel and the C library, called through the Foreign Function and Memory API: one class per C
 * header.
 *
 * <p>A class here holds the constants, struct layouts and functions of its header that whatif uses,
 * under their C names, and nothing else: no policy, no retries (except EINTR where said). A call
 * that fails throws {@link dev.whatif.core.linux.LinuxException} with the errno; who calls turns it
 * into a sentence with a remedy. Tests compile a C program that prints {@code sizeof} and {@code
 * offsetof} and compare.
 *
 * <p>All functions may be called from any platform thread. Calls that block must not be made from
 * virtual threads.
 */
package dev.whatif.core.linux;
