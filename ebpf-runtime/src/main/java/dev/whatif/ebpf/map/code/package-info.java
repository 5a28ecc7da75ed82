/**
 * Map operations as machine code, written by Java: the same steps on the same memory as the classes
 * of {@link dev.whatif.ebpf.map} take, for programs that run in other processes.
 *
 * <p>Start reading at {@link dev.whatif.ebpf.map.code.MapCode}: all routines in one piece of bytes
 * that runs at any address, and {@link dev.whatif.ebpf.map.code.MapRoutine}: what each takes.
 *
 * <p><b>Convention.</b> Arguments in rdi, rsi, rdx, rcx, r8; result in rax; r12 is the address of
 * the invocation block, of which the thread's slot is read. rcx, rdx, rsi, rdi, r8 to r11 and the
 * flags may be changed, all other registers are as before. Integer registers only, no system call,
 * at most 200 bytes of stack.
 *
 * <p>What these routines find in the map's memory they believe: who writes nonsense there harms the
 * processes that map it.
 */
package dev.whatif.ebpf.map.code;
