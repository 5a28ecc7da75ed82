package dev.whatif.core.sample;

import dev.whatif.core.linux.PerfEvent;
import dev.whatif.core.linux.PerfEventAttr;
import dev.whatif.core.linux.PerfEventAttr.Flag;
import dev.whatif.core.linux.Time;
import dev.whatif.core.ring.PerfRing;
import java.lang.foreign.Arena;

/**
 * The kernel's software task clock as an event: a high-resolution timer that counts while a thread
 * is on the CPU and fires after each period of it. It needs no performance counters, so it works in
 * virtual machines; POSIX CPU timers would be bound to the scheduler's tick.
 *
 * <p>Layout of what it writes (sample_type, include/uapi/linux/perf_event.h):
 *
 * <pre>
 *   sample   header | ip | pid tid | time | [nr, addresses] | [abi, registers] | [size, stack, used]
 *   others   header | their fields ...    | pid tid | time        (sample_id_all)
 * </pre>
 */
final class TaskClock {

  /** Where a sample's time is. */
  static final long SAMPLE_TIME = 24;

  /** Where the time of any other record is, from its end. */
  static final long TRAILER_TIME = 8;

  /** Bytes that sample_id_all appends to other records. */
  static final long TRAILER = 16;

  /**
   * All general registers: bits of asm/perf_regs.h, AX BX CX DX SI DI BP SP IP (0-8), R8-R15
   * (16-23).
   */
  static final long REGISTERS = 0xff01ffL;

  /** How many these are. */
  static final int REGISTER_COUNT = Long.bitCount(REGISTERS);

  private TaskClock() {}

  /** When the next record of a ring was made; CLOCK_MONOTONIC. */
  static long time(PerfRing ring) {
    return ring.type() == PerfEvent.PERF_RECORD_SAMPLE
        ? ring.word(SAMPLE_TIME)
        : ring.word(ring.size() - TRAILER_TIME);
  }

  /**
   * The sampling event.
   *
   * @param kernel whether samples in the kernel are permitted
   * @param lost whether the kernel can report lost records with the count (Linux 6.0)
   * @param onExec whether it starts with the next exec instead of by enable
   */
  static PerfEventAttr attr(
      Arena arena,
      CpuProfileOptions options,
      boolean kernel,
      boolean lost,
      boolean onExec,
      int watermark) {
    PerfEventAttr attr =
        new PerfEventAttr(arena)
            .event(PerfEvent.PERF_TYPE_SOFTWARE, PerfEvent.PERF_COUNT_SW_TASK_CLOCK)
            .samplePeriod(options.periodNanos())
            .readFormat(lost ? PerfEvent.PERF_FORMAT_LOST : 0)
            .with(Flag.DISABLED, Flag.INHERIT, Flag.SAMPLE_ID_ALL)
            .with(Flag.MMAP, Flag.MMAP2, Flag.COMM, Flag.COMM_EXEC, Flag.TASK)
            .with(Flag.EXCLUDE_HV)
            .with(Flag.EXCLUDE_KERNEL, !kernel)
            .with(Flag.EXCLUDE_CALLCHAIN_KERNEL, !kernel)
            .with(Flag.ENABLE_ON_EXEC, onExec)
            .clock(Time.CLOCK_MONOTONIC)
            .wakeupWatermark(watermark);
    long type = PerfEvent.PERF_SAMPLE_IP | PerfEvent.PERF_SAMPLE_TID | PerfEvent.PERF_SAMPLE_TIME;
    return switch (options.stacks()) {
      case LEAF -> attr.sampleType(type);
      case FP -> attr.sampleType(type | PerfEvent.PERF_SAMPLE_CALLCHAIN);
      case UNWIND ->
          attr.sampleType(
                  type
                      | (kernel ? PerfEvent.PERF_SAMPLE_CALLCHAIN : 0)
                      | PerfEvent.PERF_SAMPLE_REGS_USER
                      | PerfEvent.PERF_SAMPLE_STACK_USER)
              .with(Flag.EXCLUDE_CALLCHAIN_USER)
              .userRegisters(REGISTERS)
              .userStack(options.stackBytes());
    };
  }

  /**
   * An event that never fires and owns the ring of one CPU: the ring must outlive every thread of
   * the target, and poll on an event whose threads have ended returns at once for ever.
   */
  static PerfEventAttr ringOwner(Arena arena, int watermark) {
    return new PerfEventAttr(arena)
        .event(PerfEvent.PERF_TYPE_SOFTWARE, PerfEvent.PERF_COUNT_SW_DUMMY)
        .sampleType(PerfEvent.PERF_SAMPLE_TID | PerfEvent.PERF_SAMPLE_TIME)
        .with(Flag.DISABLED, Flag.SAMPLE_ID_ALL, Flag.EXCLUDE_KERNEL, Flag.EXCLUDE_HV)
        .clock(Time.CLOCK_MONOTONIC)
        .wakeupWatermark(watermark);
  }
}
