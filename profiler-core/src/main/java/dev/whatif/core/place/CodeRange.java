package dev.whatif.core.place;

/**
 * A piece of code.
 *
 * @param file that it lies in
 * @param start offset in the file of its first byte
 * @param end offset behind its last byte
 */
public record CodeRange(CodeFile file, long start, long end) {}
