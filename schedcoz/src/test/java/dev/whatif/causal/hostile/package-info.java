/**
 * Programs that are hard on a profiler which sends signals: they replace themselves, fork, block
 * signals, or run on stacks where there is no room for a signal frame, and they notice everything
 * that was done wrong to them.
 *
 * <p>{@link dev.whatif.causal.hostile.HostileTarget} names them; each has a region {@code hot} and
 * a progress point {@code step}, so that all of an experiment can be done to it. Their sources
 * stand in {@code src/test/c/hostile}.
 */
package dev.whatif.causal.hostile;
