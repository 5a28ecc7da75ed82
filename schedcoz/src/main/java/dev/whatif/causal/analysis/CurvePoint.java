package dev.whatif.causal.analysis;

/**
 * What a virtual speedup of a region does to one measure of progress.
 *
 * @param speedup the part of its time that the region is spared, 0 to 1
 * @param effect the part of the progress period (or of the latency) that is saved; negative when
 *     progress becomes slower
 * @param interval how sure that is
 * @param visits that it rests on, at this speedup
 * @param experiments that it rests on, at this speedup
 */
public record CurvePoint(
    double speedup, double effect, Interval interval, long visits, int experiments) {}
