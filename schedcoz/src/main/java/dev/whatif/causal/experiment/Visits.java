package dev.whatif.causal.experiment;

/**
 * What one experiment saw at one progress point.
 *
 * @param point its name, as the user wrote it
 * @param count visits
 * @param firstNanos virtual time of the first visit; meaningless without visits
 * @param lastNanos virtual time of the last visit, not before the first
 * @param latencies virtual times from begin to end of requests; {@link Latencies#NONE} for a point
 *     that only counts
 */
public record Visits(
    String point, long count, long firstNanos, long lastNanos, Latencies latencies) {}
