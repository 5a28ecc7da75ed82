/**
 * A machine that runs made-up programs, to hold the accounting of debts against the truth.
 *
 * <p>{@link dev.whatif.causal.simulation.AccountingTest} asks; {@link
 * dev.whatif.causal.simulation.Machine} runs a {@link dev.whatif.causal.simulation.TaskGraph}; the
 * rules stand in {@link dev.whatif.causal.simulation.Ledger}.
 */
package dev.whatif.causal.simulation;
