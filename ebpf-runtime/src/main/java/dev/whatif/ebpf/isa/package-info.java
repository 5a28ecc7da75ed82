/**
 * The instruction set of BPF (RFC 9669): a program is a sequence of 64-bit {@link
 * dev.whatif.ebpf.isa.Slot}s; an instruction takes one, or two when it carries a 64-bit immediate.
 */
package dev.whatif.ebpf.isa;
