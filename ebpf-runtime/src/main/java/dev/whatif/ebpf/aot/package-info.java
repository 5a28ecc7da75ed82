/**
 * Programs compiled ahead of time: an object and, for each of its programs, the machine code.
 *
 * <p>{@link dev.whatif.ebpf.aot.AotFile} is the file. Nothing in it is believed that could be
 * checked: loading it reads the object, relocates and verifies its programs as if there were no
 * machine code. The machine code counts only when all of this holds; else the program is compiled
 * again, and it is said why:
 *
 * <ul>
 *   <li>it was made of the very instructions that were verified now (their SHA-256 is in it);
 *   <li>this CPU has every feature that it uses;
 *   <li>it was made by this user: a message authentication code ({@link
 *       dev.whatif.ebpf.aot.UserKey}) is over all of it. A verifier cannot look at machine code, so
 *       whoever could change the file could run anything.
 * </ul>
 */
@org.jspecify.annotations.NullMarked
package dev.whatif.ebpf.aot;
