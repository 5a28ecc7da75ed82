/**
 * One experiment: a part of the code is made virtually faster for a moment, and progress is
 * counted.
 *
 * <p>The method is that of Coz (Curtsinger and Berger, SOSP'15): whenever a thread executes the
 * chosen region, everybody else is delayed by a fraction of that time, which looks the same as if
 * the region had become faster. Here a delay is not executed at once but owed. {@code G} is the
 * time for which the world should have stood still so far, {@code L(p)} the part of it that thread
 * p has really lost; the <b>virtual time</b> of what p does at wall time w is {@code w - L(p)}. All
 * times in an {@link dev.whatif.causal.experiment.Observation} are virtual where they say so, and
 * so they are exact even while debts are unpaid.
 *
 * <p>An {@link dev.whatif.causal.experiment.Arm} says what is tried, an {@link
 * dev.whatif.causal.experiment.Observation} what was seen, an {@code ExperimentPlan} what is tried
 * next. Experiments come in blocks: every block holds each arm once, in random order, the baseline
 * among them; the block is the unit that statistics resample, because what disturbs one experiment
 * disturbs its neighbours.
 */
package dev.whatif.causal.experiment;
