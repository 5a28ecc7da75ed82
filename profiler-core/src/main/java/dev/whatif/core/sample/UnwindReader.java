package dev.whatif.core.sample;

import dev.whatif.core.process.AddressSpace;
import dev.whatif.core.process.Mapping;
import dev.whatif.core.unwind.CapturedStack;
import dev.whatif.core.unwind.Registers;
import dev.whatif.core.unwind.StackFrames;
import dev.whatif.core.unwind.UnwindTable;
import dev.whatif.core.unwind.UnwindTables;
import dev.whatif.core.unwind.Unwinder;
import java.util.List;
import java.util.Optional;

/** The kernel's call chain, then the user stack from registers and a copy of its top. */
final class UnwindReader extends StackReader {

  /** DWARF numbers in the order of perf's bits: AX BX CX DX SI DI BP SP IP, R8 to R15. */
  private static final int[] DWARF_NUMBERS = {
    0, 3, 2, 1, 4, 5, 6, 7, 16, 8, 9, 10, 11, 12, 13, 14, 15
  };

  private static final long ABI_64 = 2;

  /**
   * Code from this size on has a table that may take longer to build than the rings can wait; below
   * it a table is not worth building before a sample is there, for most are never needed.
   */
  private static final long LARGE_BYTES = 8L << 20;

  /** A target with hundreds of large libraries need not wait for all of them. */
  private static final long PREPARE_NANOS = 2_000_000_000;

  private final UnwindTables tables;
  private final Unwinder unwinder;
  private final boolean kernelChain;
  private final Registers registers = new Registers();
  private final CapturedStack captured = new CapturedStack();
  private final StackFrames frames = new StackFrames();

  /**
   * Unwinds with this.
   *
   * @param kernelChain whether samples have a call chain (of the kernel alone)
   */
  UnwindReader(UnwindTables tables, Unwinder unwinder, boolean kernelChain) {
    this.tables = tables;
    this.unwinder = unwinder;
    this.kernelChain = kernelChain;
  }

  /** Large ones, until the time is over; the others are built when they are first met. */
  @Override
  void prepare(AddressSpace space) {
    long deadline = System.nanoTime() + PREPARE_NANOS;
    for (Mapping mapping : List.copyOf(space.mappings())) {
      if (mapping.end() - mapping.start() >= LARGE_BYTES && System.nanoTime() < deadline) {
        Optional<UnwindTable> ignored = tables.table(space, mapping);
      }
    }
  }

  @Override
  void read(PerfRecord r, AddressSpace space, SampleStack out) {
    long at = BODY;
    if (kernelChain) {
      at = chain(r, at, out);
    }
    if (r.inKernel() && out.depth() == 0) {
      out.addKernel(r.u64(IP), true);
    }
    long abi = r.u64(at);
    at += 8;
    if (abi == 0) {
      return; // a kernel thread: there is no user part
    }
    for (int i = 0; i < TaskClock.REGISTER_COUNT; i++) {
      registers.set(DWARF_NUMBERS[i], r.u64(at));
      at += 8;
    }
    if (abi != ABI_64) {
      out.add(registers.get(Registers.RIP), !r.inKernel());
      out.cut(); // a 32-bit program: its registers are not these
      return;
    }
    long size = r.u64(at);
    at += 8;
    long used = size == 0 ? 0 : r.u64(at + size);
    captured.reset(registers.get(Registers.RSP), r.segment(), r.position(at), Math.min(size, used));
    unwinder.unwind(space, registers, captured, frames);
    for (int i = 0; i < frames.depth(); i++) {
      out.add(frames.pc(i), frames.exact(i));
    }
    if (frames.end().truncated()) {
      out.cut();
    }
  }
}
