package dev.whatif.samples.benchmark;

import dev.whatif.ebpf.isa.Slot;
import dev.whatif.ebpf.kernel.KernelMap;
import dev.whatif.ebpf.kernel.KernelProgram;
import dev.whatif.ebpf.kernel.ProgramSpec;
import dev.whatif.ebpf.kernel.TestInput;
import dev.whatif.ebpf.object.ProgramType;
import java.util.concurrent.atomic.AtomicLong;

/** A BPF program that writes records into a ring, a thousand each time it is run. Any thread. */
final class RingProducer implements AutoCloseable {

  static final int PORTION = 1000;
  static final int RECORD_BYTES = 16;

  private static final int RINGBUF_OUTPUT = 130;
  private static final int MAP_FD = 1;

  private final KernelProgram program;
  private final AtomicLong failed = new AtomicLong();

  RingProducer(KernelMap ring) {
    Slot[] code = {
      new Slot(0xb7, 6, 0, (short) 0, PORTION), // r6 = how many
      new Slot(0xb7, 7, 0, (short) 0, 0), // r7 = how many did not fit
      new Slot(0x7b, 10, 6, (short) -16, 0), // loop: *(u64 *)(r10 - 16) = r6
      new Slot(0x7b, 10, 6, (short) -8, 0),
      new Slot(0x18, 1, MAP_FD, (short) 0, ring.fd()),
      new Slot(0, 0, 0, (short) 0, 0),
      new Slot(0xbf, 2, 10, (short) 0, 0),
      new Slot(0x07, 2, 0, (short) 0, -16),
      new Slot(0xb7, 3, 0, (short) 0, RECORD_BYTES),
      new Slot(0xb7, 4, 0, (short) 0, 0),
      new Slot(0x85, 0, 0, (short) 0, RINGBUF_OUTPUT),
      new Slot(0x15, 0, 0, (short) 1, 0), // if r0 == 0, skip
      new Slot(0x07, 7, 0, (short) 0, 1),
      new Slot(0x07, 6, 0, (short) 0, -1),
      new Slot(0x55, 6, 0, (short) -13, 0), // if r6 != 0 goto loop
      new Slot(0xbf, 0, 7, (short) 0, 0),
      new Slot(0x95, 0, 0, (short) 0, 0),
    };
    byte[] bytes = new byte[code.length * Slot.BYTES];
    for (int i = 0; i < code.length; i++) {
      code[i].put(bytes, i);
    }
    program =
        KernelProgram.load(new ProgramSpec("ring_producer", ProgramType.RAW_TRACEPOINT, bytes));
  }

  /** Writes a portion; returns how many did not fit. */
  int write() {
    int lost = program.testRun(new TestInput()).returned();
    failed.addAndGet(lost);
    return lost;
  }

  /** Writes until nothing fits any more; returns how many did. */
  long fill() {
    long sent = 0;
    while (true) {
      int lost = write();
      sent += PORTION - lost;
      if (lost > 0) {
        return sent;
      }
    }
  }

  long failed() {
    return failed.get();
  }

  @Override
  public void close() {
    program.close();
  }
}
