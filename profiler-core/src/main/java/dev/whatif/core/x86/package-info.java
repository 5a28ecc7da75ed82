/**
 * Machine code for x86-64, written by Java: the few instructions that whatif puts into a running
 * process.
 *
 * <p>{@link dev.whatif.core.x86.Emitter} appends instructions at an address that is known from the
 * beginning, so that data are named by their address and every reference is relative to the
 * instruction pointer: the bytes hold no address and need no loader. Only what is emitted somewhere
 * is here; each method says which bytes it writes and whether they change the flags, because code
 * that runs in the middle of somebody else's must know. Encodings are those of Intel's Software
 * Developer's Manual, volume 2; tests compare them with what {@code objdump} reads.
 */
package dev.whatif.core.x86;
