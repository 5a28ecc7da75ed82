package dev.whatif.core.recording;

/**
 * What a part of the profiler itself took since the last such event; event {@code whatif.Cost}.
 *
 * @param timeNanos when it was measured, {@code CLOCK_MONOTONIC} nanoseconds
 * @param part which one: {@code drain}, {@code unwind}, {@code symbolize}, {@code write}, {@code
 *     total}
 * @param cpuNanos CPU time
 * @param wallNanos time by the clock
 */
public record Cost(long timeNanos, String part, long cpuNanos, long wallNanos) {}
