package dev.whatif.core.dwarf;

/**
 * A piece of code.
 *
 * @param start address of its first byte, in the file's own addresses
 * @param end address behind its last byte
 */
public record AddressRange(long start, long end) {}
