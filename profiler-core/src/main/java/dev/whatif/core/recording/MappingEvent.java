package dev.whatif.core.recording;

import org.jspecify.annotations.Nullable;

/**
 * A range of a process's addresses and the file behind it; event {@code whatif.Mapping}.
 *
 * @param timeNanos when it was seen, {@code CLOCK_MONOTONIC} nanoseconds
 * @param processId its process
 * @param start first address
 * @param size bytes
 * @param fileOffset where in the file it begins, bytes
 * @param path the file as the process sees it, or a name in brackets
 * @param buildId the file's build-id in hexadecimal, or null
 */
public record MappingEvent(
    long timeNanos,
    int processId,
    long start,
    long size,
    long fileOffset,
    String path,
    @Nullable String buildId) {}
