package dev.whatif.ebpf.isa;

/**
 * A constant inside an instruction; 64-bit operations extend its sign (RFC 9669 section 4.1).
 *
 * @param value signed
 */
public record Immediate(int value) implements Operand {}
