package dev.whatif.ebpf.object;

/**
 * A variable in a section of global data.
 *
 * @param name as in C
 * @param section also the name of the map that holds it
 * @param offset in the map's value, bytes
 * @param size bytes
 * @param typeId in the object's BTF
 */
public record GlobalVariable(String name, String section, int offset, int size, int typeId) {}
