package dev.whatif.ebpf.kernel;

/**
 * What a test run of a program gave.
 *
 * @param returned register r0, its lower 32 bits
 * @param data the packet afterwards
 * @param context the context afterwards
 * @param meanNanos of one run, whole nanoseconds; 0 where the type does not measure
 */
public record TestRun(int returned, byte[] data, byte[] context, int meanNanos) {}
