package dev.whatif.ebpf.map;

/**
 * A copy of one element.
 *
 * @param value that of all slots, one behind the other and each padded to 8, where each has its own
 */
public record MapEntry(byte[] key, byte[] value) {}
