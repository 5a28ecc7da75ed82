/**
 * From what experiments saw to what would happen if code were faster, with how sure that is.
 *
 * <p>{@link dev.whatif.causal.analysis.CausalProfile} is the result: per progress point a {@link
 * dev.whatif.causal.analysis.SpeedupCurve} for every region, ranked, with bands that come from
 * resampling whole blocks of experiments. What the experiments cannot support is not estimated but
 * refused, with the reason.
 */
package dev.whatif.causal.analysis;
