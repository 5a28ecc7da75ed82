package dev.whatif.core.report;

/**
 * How often a thread was seen running.
 *
 * @param processId 0 when the recording does not say
 * @param processName "" when the recording does not say
 * @param threadId of the operating system, 0 when the recording does not say
 * @param name of the thread
 * @param samples taken while it ran
 */
public record ThreadCost(
    int processId, String processName, int threadId, String name, long samples) {}
