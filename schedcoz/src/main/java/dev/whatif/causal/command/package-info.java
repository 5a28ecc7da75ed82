/**
 * The command {@code whatif causal}: what if this code were faster?
 *
 * <p>{@link dev.whatif.causal.command.CausalCommand} reads the command line; {@link
 * dev.whatif.causal.session.CausalSession} does the work.
 */
package dev.whatif.causal.command;
