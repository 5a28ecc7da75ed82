package dev.whatif.ebpf.object;

/**
 * A symbol in a code section.
 *
 * @param slot where it is
 * @param slots how many belong to it, 0 when it has no size
 * @param function whether it is a function, not a label in one
 */
public record CodeLabel(String name, int slot, int slots, boolean function) {}
