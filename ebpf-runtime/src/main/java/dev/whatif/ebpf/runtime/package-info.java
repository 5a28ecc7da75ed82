/**
 * Objects in user space: what {@link dev.whatif.ebpf.kernel} does with {@code bpf(2)}, done here.
 *
 * <p>{@link dev.whatif.ebpf.runtime.ObjectPrograms} makes a program of an object complete (types
 * relocated, maps named by index), so that {@link dev.whatif.ebpf.verifier.Verifier} can look at it
 * and an engine can run it.
 */
@org.jspecify.annotations.NullMarked
package dev.whatif.ebpf.runtime;
