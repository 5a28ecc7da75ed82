package dev.whatif.core.recording;

/** What {@code jdk.ExecutionSample} is declared with; {@link Recorder} writes it without this. */
record ExecutionSample(long timeNanos, int thread, int stackTrace) {}
