package dev.whatif.core.sample;

import dev.whatif.core.linux.PerfEvent;
import dev.whatif.core.process.AddressSpace;

/** Reads the stack out of a sample record. Confined to the drain thread. */
abstract sealed class StackReader permits LeafReader, ChainReader, UnwindReader {

  /** Where a sample's address is. */
  static final long IP = 8;

  /** Where what follows the fixed part begins. */
  static final long BODY = 32;

  /** Gets ready for stacks in these mappings. */
  void prepare(AddressSpace space) {}

  /** Fills a cleared stack. */
  abstract void read(PerfRecord sample, AddressSpace space, SampleStack out);

  /**
   * Adds a call chain: number of entries, then addresses and markers that say whose they are.
   *
   * @return the offset behind it
   */
  static long chain(PerfRecord r, long at, SampleStack out) {
    long count = r.u64(at);
    boolean kernel = false;
    boolean first = true;
    for (long i = 1; i <= count; i++) {
      long address = r.u64(at + i * 8);
      if (Long.compareUnsigned(address, PerfEvent.PERF_CONTEXT_MAX) >= 0) {
        kernel = address == PerfEvent.PERF_CONTEXT_KERNEL;
        first = true; // the first address of each part is where it was, the others are returns
      } else if (kernel) {
        out.addKernel(address, first);
        first = false;
      } else {
        out.add(address, first);
        first = false;
      }
    }
    return at + 8 + count * 8;
  }
}
