/**
 * The commands about BPF: {@link dev.whatif.ebpf.command.BpfCommand} is the group {@code whatif
 * bpf}, each command in it a class of its own, named there.
 */
package dev.whatif.ebpf.command;
