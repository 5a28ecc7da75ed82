/**
 * What this machine lets this user do, and what stands in the way of looking into a process.
 *
 * <p>{@link dev.whatif.core.capability.Capabilities#probe()} asks once: by trying where trying is
 * harmless (opening a counter), else by reading {@code /proc} and {@code /sys}. Every answer is a
 * {@link dev.whatif.core.capability.Capability}: what was found, what needs it, and the command
 * that would change it. {@link dev.whatif.core.capability.ProcessDiagnosis} does the same for one
 * process. Nothing here changes anything.
 */
package dev.whatif.core.capability;
