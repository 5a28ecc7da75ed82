/**
 * How fast compiled BPF is, beside the kernel's compiler and beside the same C compiled to native
 * code.
 *
 * <p>{@link dev.whatif.ebpf.bench.Suite} reads programs and the C that they come from; {@link
 * dev.whatif.ebpf.bench.Contender}s are the ways to run one; {@link
 * dev.whatif.ebpf.bench.Comparison} measures them in turns, so that what disturbs the machine
 * disturbs all; {@link dev.whatif.ebpf.bench.ComparisonText} prints the ratios. All contenders must
 * return the same number, or there is no result.
 *
 * <p>Times are of one run, in nanoseconds, the time of an empty program subtracted, which each
 * contender runs in the same way: a call costs 2 ns in this process, the kernel's test run 20 to
 * 30.
 */
package dev.whatif.ebpf.bench;
