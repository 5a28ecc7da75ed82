package dev.whatif.core.sample;

import dev.whatif.core.process.AddressSpace;

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
