/**
 * Rings that the kernel writes and that we read in place, from memory both have mapped.
 *
 * <p>Start reading at {@link dev.whatif.core.ring.PerfRing}: the ring of a perf event, which
 * carries CPU samples as well as what BPF programs send. A ring never trusts what it finds: lengths
 * and positions that cannot be are counted and skipped, and no read leaves the mapping.
 */
package dev.whatif.core.ring;
