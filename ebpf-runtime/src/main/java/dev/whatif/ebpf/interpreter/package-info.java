/**
 * Runs programs instruction by instruction: the reference that every other engine is held against.
 *
 * <p>It trusts nobody, the verifier included. Every access to memory is looked up among the ranges
 * that the program was given (its own stack, its context, values of its maps, records that it
 * reserved), and one that is outside ends the run with a {@link
 * dev.whatif.ebpf.interpreter.MemoryFault} that names slot and address. So a mistake in the
 * verifier shows as a fault here, and as nothing worse.
 *
 * <ul>
 *   <li>{@link dev.whatif.ebpf.interpreter.Interpreter}: a program made ready, for any thread.
 *   <li>{@link dev.whatif.ebpf.interpreter.Execution}: a stack and registers to run it with, for
 *       one thread; many runs.
 *   <li>{@link dev.whatif.ebpf.interpreter.Environment}: what the program calls and refers to.
 * </ul>
 *
 * <p>How it is fast: a {@code Translation} packs each instruction into one {@code long} with a
 * dense operation code; constants lie behind the registers, so that {@code dst += src} and {@code
 * dst += 5} are the same operation; and the loop's method stays below the 8,000 bytecodes above
 * which HotSpot compiles nothing.
 */
@org.jspecify.annotations.NullMarked
package dev.whatif.ebpf.interpreter;
