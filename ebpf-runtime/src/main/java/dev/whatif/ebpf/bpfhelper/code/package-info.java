/**
 * The helper functions as machine code, written by Java: what compiled programs call, in whatever
 * process they run.
 *
 * <p>Start reading at {@link dev.whatif.ebpf.bpfhelper.code.HelperCode}: all helpers in one piece
 * of bytes that runs at any address. {@link dev.whatif.ebpf.bpfhelper.code.ParametersLayout} is the
 * memory of a process that they read beside the {@linkplain dev.whatif.ebpf.jit.InvocationLayout
 * invocation block}; {@link dev.whatif.ebpf.bpfhelper.code.ProcessClock} keeps the clock in it.
 * {@link dev.whatif.ebpf.bpfhelper.code.PlacedHelpers} and {@link
 * dev.whatif.ebpf.bpfhelper.code.Invocation} are all of that in this process.
 *
 * <p><b>Convention.</b> Arguments in rdi, rsi, rdx, rcx, r8 (r1 to r5), result in rax; r12 is the
 * invocation block, which must lead to parameters. rax, rcx, rdx, rsi, rdi, r8 to r11 and the flags
 * may be changed, all else is as before. Integer registers only; nothing is called but a function
 * of the program (bpf_loop, bpf_for_each_map_elem); no helper waits for another thread.
 *
 * <p><b>Stack.</b> At most 200 bytes, and 800 for bpf_snprintf and bpf_trace_printk, whose
 * arguments the kernel, too, gathers in 512 bytes.
 *
 * <p><b>System calls.</b> getpid and process_vm_readv, by bpf_probe_read and its kin and by {@code
 * %s}: the only way to read what may not be there without a signal handler. A process whose seccomp
 * filter does not allow these two must not run programs that use them.
 *
 * <p><b>Meaning.</b> That of Linux 6.18, with these differences, each for want of a kernel: memory
 * of the kernel cannot be read (-EFAULT); {@code %p} and {@code %pK} print the address itself, and
 * {@code %ps}, {@code %pS}, {@code %pB} the address where the kernel prints a symbol; {@code %pI4}
 * and its kin are refused (-EINVAL); bpf_get_stack and bpf_get_stackid return -EFAULT;
 * bpf_probe_write_user returns -EPERM.
 */
package dev.whatif.ebpf.bpfhelper.code;
