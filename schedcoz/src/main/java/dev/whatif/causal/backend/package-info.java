/**
 * Who makes threads pay what they owe.
 *
 * <p>The kernel's accounting says how much; a {@link dev.whatif.causal.backend.DelayBackend}
 * withholds them from their work for so long. {@link dev.whatif.causal.backend.SignalBackend} does
 * so on any kernel, by a signal handler in the target that sleeps to a deadline; it is sent only
 * where that can harm nothing (see {@code pause.h}). What a backend cannot enforce stays owed, and
 * stays exact in virtual time.
 */
package dev.whatif.causal.backend;
