/**
 * What a causal profile says, for eyes, for scripts and for Coz's viewer.
 *
 * <p>Everything that was measured ends in the recording, and everything here reads it from there:
 * {@link dev.whatif.causal.report.CausalEvents} declares the events and writes them, {@link
 * dev.whatif.causal.report.CausalReading} makes a {@link dev.whatif.causal.report.CausalRun} of
 * them again, observation by observation, so that an analysis can be repeated years later. A run is
 * shown by {@link dev.whatif.causal.report.CausalText}, {@link
 * dev.whatif.causal.report.CausalJson}, {@link dev.whatif.causal.report.CausalHtml} and {@link
 * dev.whatif.causal.report.CozProfile}; {@link dev.whatif.causal.report.LiveRanking} shows one that
 * is still going on.
 *
 * <p>Effects are fractions of the time per visit (or of the latency) that is saved. Names of
 * regions and points come from users and from files of others: they are cleaned before they reach a
 * terminal and escaped before they reach a page.
 */
package dev.whatif.causal.report;
