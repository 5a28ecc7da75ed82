package dev.whatif.ebpf.object;

/**
 * A function in a linked program.
 *
 * @param slot where it begins
 * @param slots how long it is
 */
public record LinkedFunction(String name, int slot, int slots) {}
