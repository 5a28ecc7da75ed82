/**
 * Random programs, and what verifiers and engines make of them.
 *
 * <p>{@link dev.whatif.ebpf.fuzz.ProgramGenerator} writes programs that a verifier mostly accepts:
 * they initialise what they read, look before they dereference, call helpers as these want to be
 * called, and loop a few times. What it writes depends on its seed alone, so a finding is a number.
 * A quarter of the seeds make no mistakes, the others some on purpose, because refusing is half of
 * a verifier's work.
 *
 * <p>{@link dev.whatif.ebpf.fuzz.Differential} holds a program against everything there is: our
 * verifier against the kernel's, then interpreter, compiled code and the kernel against one
 * another: r0, the packet, maps, and ring records. The interpreter looks at each access, so an
 * access outside of what a verified program owns is found before compiled code does harm. What
 * differs on purpose is listed in {@code KnownDifference}, and the kernel's own mistakes that were
 * found this way are shown by {@code KernelMistakesTest}. What stays undetected: mistakes that both
 * verifiers make in programs whose runs happen to be harmless, and whatever the generator does not
 * write.
 *
 * <p>{@code MutatedObject} changes bytes of compiled programs instead, for what decoders and
 * verifiers must refuse and no generator thinks of.
 */
@org.jspecify.annotations.NullMarked
package dev.whatif.ebpf.fuzz;
