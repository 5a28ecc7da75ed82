package dev.whatif.ebpf.object;

/**
 * An element that a map of maps or of programs has from the beginning.
 *
 * @param index the key
 * @param target name of the map or program
 * @param program which of the two
 */
public record InitialSlot(int index, String target, boolean program) {}
