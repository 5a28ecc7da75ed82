/**
 * The functions that BPF programs can call by number: what they are named in {@code linux/bpf.h},
 * what they take, and what they return.
 *
 * <p>{@link dev.whatif.ebpf.bpfhelper.HelperFunction} is the list of those that whatif has; its
 * {@link dev.whatif.ebpf.bpfhelper.Argument}s are what a verifier checks and what an engine may
 * rely on. A helper that is not in the list is refused by its number, never skipped.
 */
package dev.whatif.ebpf.bpfhelper;
