package dev.whatif.core.sample;

import dev.whatif.core.linux.PerfEvent;
import dev.whatif.core.process.AddressSpace;

/** Reads the stack out of a sample record. Confined to the drain thread. */
abstract sealed class StackReader permits LeafReader, ChainReader, UnwindReader {

  /** Where a sample's address is. */
  static final long IP = 8;

  /** Where what follows the fixed part begins. */
  static final long BODY = 32;

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

/** Only the place. */
final class LeafReader extends StackReader {
  @Override
  void read(PerfRecord r, AddressSpace space, SampleStack out) {
    if (r.inKernel()) {
      out.addKernel(r.u64(IP), true);
    } else {
      out.add(r.u64(IP), true);
    }
  }
}

/** The kernel's call chain, by frame pointers in user code. */
final class ChainReader extends StackReader {
  @Override
  void read(PerfRecord r, AddressSpace space, SampleStack out) {
    chain(r, BODY, out);
    if (out.depth() == 0) {
      out.add(r.u64(IP), true);
    }
  }
}
