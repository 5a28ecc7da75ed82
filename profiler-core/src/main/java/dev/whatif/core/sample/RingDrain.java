package dev.whatif.core.sample;

import dev.whatif.core.linux.PerfEvent;
import dev.whatif.core.linux.Time;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Empties the rings: follows the processes, unwinds the samples, fills batches. Confined to one
 * platform thread, except for the counters.
 */
final class RingDrain {

  /**
   * What is younger stays in the rings for the next pass: on another CPU something older may still
   * be on its way into its ring (a virtual CPU can be held up between taking the time and writing).
   */
  private static final long HOLD_BACK_NANOS = 5_000_000;

  // struct { header; u64 time, id, stream_id; }: stream_id tells inherited events apart
  private static final long THROTTLE_TIME = 8;
  private static final long THROTTLE_EVENT = 24;

  private final PerfRings rings;
  private final StackReader stacks;
  private final BatchExchange batches;
  private final DrainCounters counters;
  private final ProcessTable processes = new ProcessTable();
  private final Set<Integer> born = new HashSet<>();
  private final PerfRecord record = new PerfRecord();
  private final SampleStack stack = new SampleStack();
  private final Map<Long, Long> throttledSince = new HashMap<>();
  private final CatchUp catchUp = new CatchUp();
  private SampleBatch batch;
  private long newest;

  RingDrain(PerfRings rings, StackReader stacks, BatchExchange batches, DrainCounters counters) {
    this.rings = rings;
    this.stacks = stacks;
    this.batches = batches;
    this.counters = counters;
    this.batch = batches.takeEmpty();
  }

  /** A process that was there already; its unwind tables are built before its first sample. */
  void appeared(ProcessChange.Appeared process) {
    apply(process);
    stacks.prepare(processes.process(process.pid()).space());
  }

  /** Takes over and passes on a change that no record reports. */
  void apply(ProcessChange change) {
    processes.apply(change);
    batch.add(change);
  }

  /** Adds what has become of a process by now and no record has told. */
  void addUntold(int pid) {
    CatchUp.untold(processes.process(pid), ProcessRecords.present(pid)).forEach(this::apply);
  }

  /** Whether a record has told that a watched thread made this one. */
  boolean wasBorn(int tid) {
    return born.contains(tid);
  }

  /** Reads everything but the youngest. */
  void pass() {
    pass(Time.clockNanos(Time.CLOCK_MONOTONIC) - HOLD_BACK_NANOS);
  }

  /** Reads everything there is; for the end, and when nothing is being written. */
  void passAll() {
    pass(Long.MAX_VALUE - 1);
  }

  private void pass(long horizonNanos) {
    rings.refresh();
    int ring = rings.oldest(horizonNanos, record);
    while (ring >= 0) {
      take();
      rings.consume(ring);
      ring = rings.oldest(horizonNanos, record);
    }
    if (catchUp.isDue()) {
      catchUp.run(processes.alive(), this::addUntold);
    }
    rings.publish();
    hand();
  }

  private void take() {
    switch (record.type()) {
      case PerfEvent.PERF_RECORD_SAMPLE -> sample();
      case PerfEvent.PERF_RECORD_LOST -> {
        counters.lost(record.u64(16));
        catchUp.recordsWereLost(); // perhaps also some that told of mappings and names
      }
      case PerfEvent.PERF_RECORD_LOST_SAMPLES -> counters.lost(record.u64(8));
      case PerfEvent.PERF_RECORD_THROTTLE ->
          throttledSince.putIfAbsent(record.u64(THROTTLE_EVENT), record.u64(THROTTLE_TIME));
      case PerfEvent.PERF_RECORD_UNTHROTTLE -> {
        Long since = throttledSince.remove(record.u64(THROTTLE_EVENT));
        if (since != null) {
          counters.throttled(record.u64(THROTTLE_TIME) - since);
        }
      }
      default -> {
        Optional<ProcessChange> change = ProcessRecords.read(record);
        change.ifPresent(this::changed);
      }
    }
  }

  private void changed(ProcessChange change) {
    switch (change) {
      case ProcessChange.Cloned c -> {
        // each of the maker's events inherited and tells: the same birth comes once per CPU event
        if (!born.add(c.tid())) {
          return;
        }
      }
      case ProcessChange.Forked f -> {
        if (!born.add(f.pid())) {
          return;
        }
      }
      case ProcessChange.Exited e -> born.remove(e.tid());
      case ProcessChange.Appeared a -> {}
      case ProcessChange.Mapped m -> {}
      case ProcessChange.Executed x -> {}
      case ProcessChange.Named n -> {}
    }
    apply(change);
  }

  private void sample() {
    long time = record.u64(TaskClock.SAMPLE_TIME);
    boolean late = time < newest;
    newest = Math.max(newest, time);
    int pid = record.u32(16);
    int tid = record.u32(20);
    if (!processes.knows(pid)) {
      apply(ProcessRecords.present(pid)); // the record of its birth was lost
    }
    stack.clear();
    stacks.read(record, processes.process(pid).space(), stack);
    boolean inKernel = record.inKernel();
    stack.appendTo(batch, time, pid, tid, inKernel);
    counters.sample(inKernel, stack.isTruncated(), late);
    if (batch.isFull()) {
      hand();
    }
  }

  /** Passes the batch on; a writer that is behind gets it when it is full. */
  private void hand() {
    if (batch.isEmpty()) {
      return;
    }
    SampleBatch next = batch.isFull() ? batches.takeEmpty() : batches.pollEmpty();
    if (next != null) {
      batches.putFull(batch);
      batch = next;
    }
  }

  /** Passes on what is left. */
  void finish() {
    batches.putFull(batch);
    batch = new SampleBatch();
  }
}
