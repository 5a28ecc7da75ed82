package dev.whatif.core.recording;

/**
 * Something that was dropped, and exactly how much; event {@code whatif.Loss}. Nothing is lost
 * silently: a recording without these events has everything.
 *
 * @param timeNanos when it was noticed, {@code CLOCK_MONOTONIC} nanoseconds
 * @param source who lost it, for example {@code perf ring 3}
 * @param reason why
 * @param count how many, at least 1
 * @param processId whose, or 0 when that is not known
 */
public record Loss(long timeNanos, String source, String reason, long count, int processId) {}
