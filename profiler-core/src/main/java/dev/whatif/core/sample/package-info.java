/**
 * CPU profiles of running processes: who was on the CPU, in which stack.
 *
 * <p>Start reading at {@link dev.whatif.core.sample.CpuProfiler}. The way of one sample:
 *
 * <ol>
 *   <li>A task-clock event of the kernel fires after each {@code 1/rate} seconds of CPU time of a
 *       thread and writes a record (place, thread, time, kernel call chain, user registers, a copy
 *       of the stack) into the ring of its CPU ({@link dev.whatif.core.sample.PerfRings}).
 *   <li>One platform thread ({@link dev.whatif.core.sample.RingDrain}) merges the rings by time,
 *       follows the processes' mappings, and unwinds each sample to addresses.
 *   <li>A second one ({@link dev.whatif.core.sample.SampleWriter}) turns stacks of addresses into
 *       interned stacks of functions and lines, and writes the events. It may be slow when it opens
 *       a file's debug information for the first time; the batches between the two absorb that.
 * </ol>
 *
 * <p>Nothing is dropped silently: the task clock's own count says how many samples there should
 * have been, the kernel says how many did not fit, and the difference is in the recording as {@code
 * whatif.Loss}.
 */
package dev.whatif.core.sample;
