package dev.whatif.core.place;

/**
 * A byte of code.
 *
 * @param file that it lies in
 * @param offset in the file
 */
public record CodePoint(CodeFile file, long offset) {}
