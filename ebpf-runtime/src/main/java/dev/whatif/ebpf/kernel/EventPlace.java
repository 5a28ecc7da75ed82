package dev.whatif.ebpf.kernel;

import dev.whatif.core.linux.PerfEvent;
import dev.whatif.core.linux.PerfEventAttr;
import java.lang.foreign.Arena;

/** A place that is watched through a perf event: the program runs when the event occurs. */
public sealed interface EventPlace {

  /** The perf event, disabled. */
  int open();

  /** Whatever this CPU's clock interrupts, every so many nanoseconds of its time. */
  record CpuClock(int cpu, long periodNanos) implements EventPlace {
    @Override
    public int open() {
      try (Arena arena = Arena.ofConfined()) {
        return PerfEvent.open(
            new PerfEventAttr(arena)
                .event(PerfEvent.PERF_TYPE_SOFTWARE, PerfEvent.PERF_COUNT_SW_CPU_CLOCK)
                .samplePeriod(periodNanos)
                .with(PerfEventAttr.Flag.DISABLED),
            -1,
            cpu);
      }
    }

    @Override
    public String toString() {
      return "the clock of CPU " + cpu;
    }
  }

  /**
   * A process and what it starts from now on, every so many nanoseconds of each thread's own time
   * on the CPU.
   *
   * @param tid a thread; others that the process has already are not watched
   */
  record TaskClock(int tid, long periodNanos) implements EventPlace {
    @Override
    public int open() {
      try (Arena arena = Arena.ofConfined()) {
        return PerfEvent.open(
            new PerfEventAttr(arena)
                .event(PerfEvent.PERF_TYPE_SOFTWARE, PerfEvent.PERF_COUNT_SW_TASK_CLOCK)
                .samplePeriod(periodNanos)
                .with(PerfEventAttr.Flag.DISABLED, PerfEventAttr.Flag.INHERIT),
            tid,
            -1);
      }
    }

    @Override
    public String toString() {
      return "the clock of thread " + tid + " and those it starts";
    }
  }

  /** A tracepoint, for example sched and sched_switch; wherever in the machine it happens. */
  record Tracepoint(String category, String name) implements EventPlace {
    @Override
    public int open() {
      try (Arena arena = Arena.ofConfined()) {
        // one event is enough: a program belongs to the tracepoint, not to the CPU
        return PerfEvent.open(
            new PerfEventAttr(arena)
                .event(PerfEvent.PERF_TYPE_TRACEPOINT, TraceFiles.tracepoint(category, name))
                .samplePeriod(1)
                .with(PerfEventAttr.Flag.DISABLED),
            -1,
            0);
      }
    }

    @Override
    public String toString() {
      return "tracepoint " + category + "/" + name;
    }
  }

  /**
   * An instruction of a file, in every process that has it mapped or in one.
   *
   * @param offset in the file
   * @param atReturn whether it is when the function that begins there returns
   * @param pid -1 is every process
   * @param semaphoreOffset of a USDT counter in the file; 0 is none
   */
  record Uprobe(String file, long offset, boolean atReturn, int pid, long semaphoreOffset)
      implements EventPlace {

    private static final int SEMAPHORE_SHIFT = 32;

    @Override
    public int open() {
      try (Arena arena = Arena.ofConfined()) {
        return PerfEvent.open(
            new PerfEventAttr(arena)
                .event(
                    TraceFiles.eventSource("uprobe"),
                    semaphoreOffset << SEMAPHORE_SHIFT | (atReturn ? 1 : 0))
                .place(arena.allocateFrom(file).address(), offset)
                .with(PerfEventAttr.Flag.DISABLED),
            pid,
            pid < 0 ? 0 : -1);
      }
    }

    @Override
    public String toString() {
      return "%s of %s at 0x%x".formatted(atReturn ? "return" : "instruction", file, offset);
    }
  }
}
