/**
 * The measurements behind {@code PERFORMANCE.md}, each one command: {@code whatif benchmark NAME}.
 *
 * <p>A benchmark compares whatif with nothing and with a peer in one run, alternating, so that a
 * drifting machine hurts all alike; it counts CPU time of the target's threads, never wall time,
 * and quotes ratios with an interval. The command is hidden from the help: it is for people who
 * check our numbers.
 */
package dev.whatif.samples.benchmark;
