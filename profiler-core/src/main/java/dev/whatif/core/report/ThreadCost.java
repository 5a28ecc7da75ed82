package dev.whatif.core.report;

/**
 * How often a thread was seen running.
 *
 * @param processId -1 when the recording does not say
 * @param threadId of the operating system
 * @param name of the thread
 * @param samples taken while it ran
 */
public record ThreadCost(long processId, long threadId, String name, long samples) {}
