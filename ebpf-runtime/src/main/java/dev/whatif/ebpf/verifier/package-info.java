/**
 * The proof that a program does no harm: that it touches no memory but its own, calls helpers as
 * they want to be called, and ends. Nothing runs a program that is not a {@link
 * dev.whatif.ebpf.verifier.VerifiedProgram}, and {@link dev.whatif.ebpf.verifier.Verifier#verify}
 * is the only way to one.
 *
 * <p>The method is the kernel's (kernel/bpf/verifier.c), abstract interpretation: the program is
 * followed on every way through it, with registers that hold not values but what is known of them.
 * Read in this order:
 *
 * <ol>
 *   <li>what is known of a number: {@link dev.whatif.ebpf.verifier.TristateNumber} bit by bit,
 *       {@link dev.whatif.ebpf.verifier.ScalarRange} as a range, signed and unsigned, 64 and 32
 *       bits wide; {@link dev.whatif.ebpf.verifier.ScalarAlu} what operators make of it, {@link
 *       dev.whatif.ebpf.verifier.BranchRefinement} what branches tell;
 *   <li>what is known of a register: {@link dev.whatif.ebpf.verifier.RegisterState}, a number or a
 *       pointer into something ({@link dev.whatif.ebpf.verifier.Provenance}); of the stack: {@link
 *       dev.whatif.ebpf.verifier.StackSlot}; of everything: {@link
 *       dev.whatif.ebpf.verifier.MachineState};
 *   <li>what an instruction does to that: {@link dev.whatif.ebpf.verifier.InstructionStep} and the
 *       steps that it hands on to;
 *   <li>how all ways are followed and yet an end is found: {@link
 *       dev.whatif.ebpf.verifier.Exploration}, {@link dev.whatif.ebpf.verifier.Visits} and {@link
 *       dev.whatif.ebpf.verifier.Demand}.
 * </ol>
 *
 * <p>What is promised by {@link dev.whatif.ebpf.verifier.RuleSet#KERNEL}: what it accepts, the
 * kernel of this machine accepts from root, and with few exceptions the reverse. The tests compare
 * the two; what differs on purpose is listed in {@code KnownDifferences} beside them: mostly what
 * does not exist in user space. Addresses may leak, as root may let them; loops must be finite and
 * are followed round by round.
 *
 * <p>A {@link dev.whatif.ebpf.verifier.Fault} is what a step finds; {@link
 * dev.whatif.ebpf.verifier.ProgramRefusal} is what the user sees: the instruction, what the
 * registers held, the source line, and a remedy.
 */
package dev.whatif.ebpf.verifier;
