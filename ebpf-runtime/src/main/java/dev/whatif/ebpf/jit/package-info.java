/**
 * The compiler from BPF to machine code of x86-64: position-independent, of integer instructions
 * only, so that it can run in the middle of any function of any process.
 *
 * <p>{@link dev.whatif.ebpf.jit.Jit#compile} makes {@link dev.whatif.ebpf.jit.CompiledCode} of a
 * verified program; whoever places it in a process fills its {@link dev.whatif.ebpf.jit.Literal}s
 * there. {@link dev.whatif.ebpf.jit.InvocationLayout} is what code and helpers know of the call.
 *
 * <p><b>Conventions.</b> Registers are mapped as in the kernel (r0 rax, r1 rdi, r2 rsi, r3 rdx, r4
 * rcx, r5 r8, r6 rbx, r7 r13, r8 r14, r9 r15, r10 rbp). r12 holds the invocation block; r9 to r11
 * are scratch. A helper is called with its arguments in BPF's registers; it may change rax, rcx,
 * rdx, rsi, rdi, r8 to r11 and the flags, and nothing else. The entry follows the System V ABI.
 *
 * <p><b>How it compiles.</b> Function by function: {@link dev.whatif.ebpf.jit.Flow} finds where
 * jumps lead and which registers are live, {@link dev.whatif.ebpf.jit.ValueAnalysis} how long
 * values can be. Then {@link dev.whatif.ebpf.jit.FunctionCompiler} goes through the instructions
 * once. Most arithmetic is not emitted where it stands but kept as a {@link
 * dev.whatif.ebpf.jit.Deferred} value in {@link dev.whatif.ebpf.jit.Values} until somebody uses it:
 * an address becomes part of a load, two shifts and an or become a rotation, a mask becomes a test.
 * The whole is repeated until all jumps are as short as they reach ({@link
 * dev.whatif.core.x86.Emitter#shortest}).
 *
 * <p>What is <em>not</em> checked: anything that the verifier proves.
 */
package dev.whatif.ebpf.jit;
