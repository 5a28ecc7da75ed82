package dev.whatif.ebpf.bench;

/**
 * How long a program takes one contender.
 *
 * @param contender its name
 * @param nanos of one run, the median of all rounds, without what a call costs
 * @param spread half the distance of the quartiles, as a part of {@code nanos}
 */
public record Measurement(String contender, double nanos, double spread) {}
