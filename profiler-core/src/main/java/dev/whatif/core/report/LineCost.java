package dev.whatif.core.report;

/**
 * How often a source line was seen.
 *
 * @param file full path, or as much as is known
 * @param line from 1
 * @param function the function it was first seen in
 * @param self samples in which it was executing: the innermost inlined line counts
 * @param total samples with it anywhere on the stack, once each
 */
public record LineCost(String file, int line, String function, long self, long total) {}
