package dev.whatif.core.sample;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.core.linux.PerfEvent;
import dev.whatif.core.linux.SpawnHeader;
import dev.whatif.core.process.Mapping;
import dev.whatif.core.process.Spawn;
import java.lang.foreign.Arena;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the drain makes of records that tell of gaps. */
class RingDrainTest {

  private final Arena arena = Arena.ofConfined();
  private final FakeRing ring = new FakeRing(arena, 1 << 12);
  private final BatchExchange batches = new BatchExchange();
  private final DrainCounters counters = new DrainCounters();
  private final RingDrain drain =
      new RingDrain(new PerfRings(ring.ring), new LeafReader(), batches, counters);

  @AfterEach
  void free() {
    arena.close();
  }

  private List<ProcessChange> changes() {
    drain.finish();
    return Objects.requireNonNull(batches.pollFull(0)).changes;
  }

  @Test
  void afterALostRecordTheMappingsAndNamesAreReadAgain() throws Exception {
    Spawn child = Spawn.running(List.of("sleep", "60"), SpawnHeader.Files.INHERITED);
    try {
      Thread.sleep(100);
      Mapping wrong = new Mapping(0x1000, 0x2000, 0, "/bin/sh", "fe:00", 7, true);
      drain.appeared(
          new ProcessChange.Appeared(
              child.pid(),
              "sh",
              List.of(wrong),
              List.of(new ProcessChange.Named(child.pid(), child.pid(), "sh"))));
      ring.write(PerfEvent.PERF_RECORD_LOST, 10, 1, 5);
      drain.passAll();
      assertThat(counters.reportedLost()).isEqualTo(5);
      List<ProcessChange> changes = changes();
      assertThat(changes)
          .anyMatch(c ->
              c instanceof ProcessChange.Mapped(int pid, Mapping m)
                  && pid == child.pid()
                  && m.objectName().startsWith("libc"))
          .contains(new ProcessChange.Named(child.pid(), child.pid(), "sleep"));
      // what is known now is not told again
      ProcessTable table = new ProcessTable();
      changes.forEach(table::apply);
      assertThat(CatchUp.untold(table.process(child.pid()), ProcessRecords.present(child.pid())))
          .isEmpty();
    } finally {
      child.stop(Duration.ZERO);
    }
  }

  @Test
  void withoutALossNothingIsReadAgain() {
    drain.appeared(new ProcessChange.Appeared(1, "init", List.of(), List.of()));
    ring.write(PerfEvent.PERF_RECORD_UNTHROTTLE, 10, 1, 2, 3);
    drain.passAll();
    assertThat(changes()).hasSize(1);
  }

  @Test
  void theTimeBetweenThrottleAndUnthrottleIsCountedForEachEvent() {
    ring.write(PerfEvent.PERF_RECORD_THROTTLE, 10, 1_000, 77, 1);
    ring.write(PerfEvent.PERF_RECORD_THROTTLE, 11, 1_500, 77, 2);
    ring.write(PerfEvent.PERF_RECORD_UNTHROTTLE, 12, 4_000, 77, 1);
    ring.write(PerfEvent.PERF_RECORD_UNTHROTTLE, 13, 4_100, 77, 2);
    ring.write(PerfEvent.PERF_RECORD_UNTHROTTLE, 14, 9_000, 77, 3);
    drain.passAll();
    assertThat(counters.throttledNanos()).isEqualTo(3_000 + 2_600);
    drain.finish();
  }
}
