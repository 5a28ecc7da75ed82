package dev.whatif.core.report;

/**
 * How often a function was seen.
 *
 * @param function as the symboliser named it
 * @param object the file it lies in ("redis-server", "libc.so.6", "[kernel]"); of Java methods the
 *     package
 * @param self samples in which it, or this inlined copy of it, was executing
 * @param total samples with it anywhere on the stack; a recursion counts once
 */
public record FunctionCost(String function, String object, long self, long total) {}
