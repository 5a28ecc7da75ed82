package dev.whatif.core.sample;

import dev.whatif.core.process.AddressSpace;

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
