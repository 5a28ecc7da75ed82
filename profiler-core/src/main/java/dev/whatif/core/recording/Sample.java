package dev.whatif.core.recording;

import java.time.Instant;
import java.util.List;

/**
 * A thread found running.
 *
 * @param time when, by the wall clock of the recording
 * @param thread which
 * @param frames its stack, the leaf first; samples of the same stack share the list. Empty when
 *     there is none
 * @param truncated whether callers are missing
 * @param state user mode or kernel
 */
public record Sample(
    Instant time, SampledThread thread, List<Frame> frames, boolean truncated, SampleState state) {}
