/**
 * The instruction set of BPF (RFC 9669, cpu versions v1 to v4): a program is a sequence of 64-bit
 * {@link dev.whatif.ebpf.isa.Slot}s; an instruction takes one, or two when it carries a 64-bit
 * immediate.
 *
 * <p>Code travels between packages as {@code byte[]}, because linking and relocation patch slots
 * without asking what they mean. Who asks decodes it to {@link dev.whatif.ebpf.isa.Instruction}s,
 * which are immutable and made for {@code switch}; {@link dev.whatif.ebpf.isa.Code} knows the slots
 * where they begin.
 *
 * <ul>
 *   <li><b>Read</b>: {@link dev.whatif.ebpf.isa.Code#decode} a whole program, {@link
 *       dev.whatif.ebpf.isa.Instruction#at} one instruction of code that may still hold
 *       placeholders.
 *   <li><b>Write</b>: {@link dev.whatif.ebpf.isa.Code#build} from Java, {@link
 *       dev.whatif.ebpf.isa.Assembler} from text.
 *   <li><b>Show</b>: {@link dev.whatif.ebpf.isa.Disassembler}, in the text of LLVM or of the
 *       conformance suite ({@link dev.whatif.ebpf.isa.Dialect}).
 * </ul>
 *
 * <p>Decoding is strict: fields that an instruction does not use must be zero, registers must
 * exist, 64-bit loads need their second slot, and (in a whole program) jumps must lead to the
 * beginning of an instruction. So each instruction has exactly one encoding, and decoding and
 * encoding are inverse. What is <em>not</em> checked: whether a program terminates, reads what it
 * wrote, or touches memory that is its own; that is a verifier's work. Not part of RFC 9669 and
 * refused: the kernel's {@code may_goto}, address space casts, load-acquire and store-release.
 */
package dev.whatif.ebpf.isa;
