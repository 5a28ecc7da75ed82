package dev.whatif.core.sample;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.core.linux.PerfEvent;
import dev.whatif.core.ring.PerfRing;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class PerfRingsProperties {

  private static final int RING = 1 << 12;

  @Property(tries = 200)
  void recordsComeWholeAndByTime(@ForAll long seed) {
    Random random = new Random(seed);
    try (Arena arena = Arena.ofConfined()) {
      List<FakeRing> kernels =
          List.of(new FakeRing(arena, RING), new FakeRing(arena, RING), new FakeRing(arena, RING));
      PerfRings rings = new PerfRings(kernels.stream().map(k -> k.ring).toArray(PerfRing[]::new));
      PerfRecord record = new PerfRecord();
      List<Long> read = new ArrayList<>();
      long written = 0;
      for (long time = 1; time < 400; time++) {
        long[] body = new long[random.nextInt(40)];
        for (int i = 0; i < body.length; i++) {
          body[i] = time * 31 + i;
        }
        if (kernels.get(random.nextInt(3)).write(PerfEvent.PERF_RECORD_COMM, time, body)) {
          written++;
        }
        if (random.nextInt(20) == 0) {
          drain(rings, record, time - 5, read);
        }
      }
      drain(rings, record, Long.MAX_VALUE - 1, read);
      assertThat(read).hasSize((int) written).isSorted();
    }
  }

  private static void drain(PerfRings rings, PerfRecord record, long horizon, List<Long> read) {
    rings.refresh();
    for (int i = rings.oldest(horizon, record); i >= 0; i = rings.oldest(horizon, record)) {
      long time = record.trailerTime();
      assertThat(time).isLessThanOrEqualTo(horizon);
      for (long at = 8; at < record.size() - 16; at += 8) {
        assertThat(record.u64(at)).isEqualTo(time * 31 + (at - 8) / 8);
      }
      read.add(time);
      rings.consume(i);
    }
    rings.publish();
  }

  @Property(tries = 50)
  void numbersAreFoundAgain(@ForAll List<Long> keys) {
    LongIntMap map = new LongIntMap();
    for (int i = 0; i < keys.size(); i++) {
      map.put(keys.get(i), i);
    }
    for (long key : keys) {
      assertThat(map.get(key)).isEqualTo(keys.lastIndexOf(key));
      assertThat(map.get(key ^ 0x5555)).isEqualTo(keys.lastIndexOf(key ^ 0x5555));
    }
    assertThat(map.size()).isEqualTo((int) keys.stream().distinct().count());
  }
}
