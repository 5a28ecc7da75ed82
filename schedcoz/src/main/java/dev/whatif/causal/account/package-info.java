/**
 * Virtual time, kept in the kernel.
 *
 * <p>A BPF object (its source is {@code src/main/bpf/account.bpf.c}; start with {@code level.h},
 * which states the invariants) follows every thread in scope through forks, wakes, switches and
 * packets, and keeps what it has paid. {@link dev.whatif.causal.account.Accounting} loads it, says
 * who is in scope, begins and ends experiments and reads what they saw. The bytes of its maps are
 * described by the object's own type information ({@link dev.whatif.causal.account.StructLayout}),
 * so that the two sides cannot disagree.
 *
 * <p>Needs CAP_BPF and CAP_PERFMON, kernel types (/sys/kernel/btf/vmlinux), and Linux 6.9.
 */
package dev.whatif.causal.account;
