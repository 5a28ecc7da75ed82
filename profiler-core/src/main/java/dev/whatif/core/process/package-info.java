/**
 * Processes as whatif sees them from outside: what is mapped where, which threads there are, what
 * is the target.
 *
 * <p>Everything here is read from {@code /proc} and may be stale the moment it was read; a process
 * that is gone is an empty answer or a {@link dev.whatif.core.failure.TargetLostException}, never a
 * crash.
 */
package dev.whatif.core.process;
