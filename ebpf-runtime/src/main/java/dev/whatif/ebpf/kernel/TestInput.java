package dev.whatif.ebpf.kernel;

import dev.whatif.core.linux.Bpf;
import dev.whatif.core.linux.BpfCommand;
import dev.whatif.core.linux.BpfTestAttr;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * What a program is run on by {@code BPF_PROG_TEST_RUN} (Documentation/bpf/bpf_prog_run.rst),
 * filled by name. One thread.
 *
 * <p>Which of data and context a program takes depends on its type: packets are data (at least 14
 * bytes), a syscall program's argument is the context, a raw tracepoint's arguments are the
 * context.
 */
public final class TestInput {

  private byte[] data = {};
  private byte[] context = {};
  private int outputBytes;
  private int repeat;
  private int flags;
  private int cpu;
  private int batchSize;

  /** Nothing: for programs that take nothing. */
  public TestInput() {}

  /** The packet. It may grow by {@code room} bytes. */
  public TestInput data(byte[] bytes, int room) {
    data = bytes.clone();
    outputBytes = bytes.length + room;
    return this;
  }

  /** The context as the program sees it, or the arguments of a raw tracepoint. */
  public TestInput context(byte[] bytes) {
    context = bytes.clone();
    return this;
  }

  /** How often in a row; the mean time of one is told. Not for every type. */
  public TestInput repeat(int times) {
    repeat = times;
    return this;
  }

  /** {@code BPF_F_TEST_RUN_ON_CPU} and the CPU (raw tracepoints only). */
  public TestInput onCpu(int number) {
    flags |= Bpf.BPF_F_TEST_RUN_ON_CPU;
    cpu = number;
    return this;
  }

  /** Sends packets for real, so many at a time (XDP only). */
  public TestInput liveFrames(int batch) {
    flags |= Bpf.BPF_F_TEST_XDP_LIVE_FRAMES;
    batchSize = batch;
    outputBytes = 0;
    return this;
  }

  TestRun run(KernelProgram program) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment dataOut = arena.allocate(outputBytes, 8);
      MemorySegment contextIn = arena.allocate(context.length, 8);
      MemorySegment.copy(context, 0, contextIn, ValueLayout.JAVA_BYTE, 0, context.length);
      MemorySegment contextOut =
          switch (program.type()) {
            case SYSCALL -> contextIn; // changed in place
            case RAW_TRACEPOINT -> MemorySegment.NULL;
            default -> arena.allocate(context.length, 8);
          };
      BpfTestAttr attr =
          new BpfTestAttr(arena, program.fd())
              .data(data, dataOut)
              .context(contextIn, contextOut == contextIn ? MemorySegment.NULL : contextOut)
              .repeat(repeat)
              .mode(flags, cpu, batchSize);
      int result = Bpf.tryCall(BpfCommand.BPF_PROG_TEST_RUN, attr);
      if (result < 0) {
        throw Refusal.ofTestRun(program, result);
      }
      return new TestRun(
          attr.returned(),
          dataOut.asSlice(0, Math.min(attr.dataOut(), outputBytes)).toArray(ValueLayout.JAVA_BYTE),
          contextOut.toArray(ValueLayout.JAVA_BYTE),
          attr.durationNanos());
    }
  }
}
