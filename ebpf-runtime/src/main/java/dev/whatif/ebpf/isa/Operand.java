package dev.whatif.ebpf.isa;

/** Where an instruction takes its second value from. */
public sealed interface Operand permits Register, Immediate {}
