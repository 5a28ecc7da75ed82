/**
 * One run, from the target as it is found to the profile.
 *
 * <p>{@link dev.whatif.causal.session.Experimenter} carries out one experiment and says what it
 * saw.
 */
package dev.whatif.causal.session;
