/**
 * BPF objects as clang writes them, by libbpf's conventions (tools/lib/bpf/libbpf.c): an ELF file
 * becomes programs, maps and struct_ops definitions that anybody can load.
 *
 * <p>Start at {@link dev.whatif.ebpf.object.BpfObject}: it needs no privileges and knows nothing of
 * the kernel that will run it. Programs come out linked: subprograms appended and calls resolved,
 * records of {@code .BTF.ext} moved along. What only a loader can know stays a {@link
 * dev.whatif.ebpf.object.CodeReference}: the file descriptor of a map, the id of a kernel function.
 * CO-RE relocations are listed with each program and not applied.
 *
 * <p>More than libbpf: functions may be called across any code section, and static functions may
 * lie beside programs. Less: no legacy {@code maps} section, no arena globals.
 */
package dev.whatif.ebpf.object;
