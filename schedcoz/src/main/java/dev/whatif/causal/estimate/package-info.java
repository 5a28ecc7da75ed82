/**
 * Statistics that causal profiles rest on, without knowing what an experiment is.
 *
 * <p>{@link dev.whatif.causal.estimate.CurveEstimate} is the main one: the effects of the speedups
 * of one region from logarithms of ratios, one per block, with errors that hold when single
 * experiments are disturbed. {@link dev.whatif.causal.estimate.Elbow} tells a curve that ends in a
 * plateau from a line, {@link dev.whatif.causal.estimate.AlphaSpending} what may be concluded when
 * results are looked at several times, {@link dev.whatif.causal.estimate.Discoveries} when many
 * regions are.
 *
 * <p>Distributions are those of Commons Math; here is only what it lacks.
 */
package dev.whatif.causal.estimate;
