/**
 * The commands about BPF. {@link dev.whatif.ebpf.command.BpfCommand} is the group {@code whatif
 * bpf}; each command in it is a class of its own, named in its annotation.
 *
 * <p>{@code disasm} asks little of an object and shows what is in the file: {@link
 * dev.whatif.ebpf.object.CodeListing} reads it, rows are made of it once, and printed as text or as
 * JSON.
 */
package dev.whatif.ebpf.command;
