/**
 * The cases of the public BPF conformance suite (github.com/Alan-Jowett/bpf_conformance), and what
 * runs them.
 *
 * <p>A case is a text file: a program, perhaps memory for it, and what r0 must be at the end, or
 * that it must be refused. {@link dev.whatif.ebpf.conformance.ConformanceCase} reads it, a {@link
 * dev.whatif.ebpf.conformance.ConformanceEngine} runs it, and {@link
 * dev.whatif.ebpf.conformance.Verdict} says what came out. Programs are held to {@link
 * dev.whatif.ebpf.verifier.RuleSet#RFC9669}: the suite is about instructions, and does what the
 * kernel forbids.
 */
@org.jspecify.annotations.NullMarked
package dev.whatif.ebpf.conformance;
