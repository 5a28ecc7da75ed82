package dev.whatif.ebpf.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.whatif.testing.Requirement;
import dev.whatif.testing.Requires;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@Requires({Requirement.ROOT, Requirement.BPF, Requirement.LIBBPF})
class RingBufferTest {

  private static final int RING_BYTES = 65_536;

  private final RingProgram program = new RingProgram();
  private final SequenceCheck check = new SequenceCheck();

  @AfterEach
  void close() {
    program.close();
  }

  private void write(int records) {
    program.write("into_ring", program.cpus()[0], records);
  }

  @Test
  void everyRecordOfEveryCpuIsSeenOnceAndInOrder() {
    try (RingBuffer ring = RingBuffer.open(program.ring())) {
      program.writeEverywhere("into_ring", 10_000, () -> ring.read(check::record));
      assertThat(check.records()).isEqualTo(program.sent()).isEqualTo(ring.records());
      assertThat(check.checksum()).isEqualTo(program.checksum());
      assertThat(ring.discarded()).isEqualTo(program.discarded());
      assertThat(ring.bytes()).isGreaterThan(20L * RING_BYTES); // many times round
      assertThat(ring.waiting()).isZero();
      assertThat(ring.damages()).isZero();
      assertThat(program.sent() + program.failed() + program.discarded())
          .isEqualTo(program.attempts());
      assertThat(check.missing()).isBetween(0L, program.failed() + program.discarded());
    }
  }

  @Test
  void whatDidNotFitIsWhatTheProgramCounted() {
    try (RingBuffer ring = RingBuffer.open(program.ring())) {
      for (int round = 0; round < 20; round++) {
        write(1000); // several rings full
        assertThat(ring.read(check::record)).isPositive();
      }
      write(1);
      ring.read(check::record);
      assertThat(program.failed()).isGreaterThan(10_000);
      assertThat(check.records()).isEqualTo(program.sent());
      assertThat(check.missing()).isEqualTo(program.failed() + program.discarded());
      assertThat(check.checksum()).isEqualTo(program.checksum());
    }
  }

  @Test
  void libbpfReadsTheSame() {
    write(150);
    LibbpfReader theirs = LibbpfReader.ring(program.ring());
    assertThat(theirs.records()).isEqualTo(program.sent());
    assertThat(theirs.checksum()).isEqualTo(program.checksum());
    try (RingProgram again = new RingProgram();
        RingBuffer ring = RingBuffer.open(again.ring())) {
      again.write("into_ring", again.cpus()[0], 150);
      ring.read(check::record);
    }
    assertThat(check.records()).isEqualTo(theirs.records());
    assertThat(check.checksum()).isEqualTo(theirs.checksum());
  }

  @Test
  void weGoOnWhereAKilledReaderWas() throws IOException, InterruptedException {
    write(200);
    Process reader =
        new ProcessBuilder(
                LibbpfReader.program().toString(), "ring", "" + program.ring().id(), "70")
            .start();
    String said = new String(reader.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(reader.waitFor()).isEqualTo(128 + 9);
    assertThat(said).isEqualTo("records 70\n");
    try (RingBuffer ring = RingBuffer.open(program.ring())) {
      ring.read(check::record);
      // libbpf publishes each record after its callback, in which it died
      assertThat(check.records()).isEqualTo(program.sent() - 69);
    }
  }

  @Test
  void readersThatEndLoseNothing() {
    for (int round = 0; round < 50; round++) {
      write(60);
      try (RingBuffer ring = RingBuffer.open(program.ring())) {
        ring.read(check::record, 10 + round);
        if (round % 2 == 0) {
          long before = check.records();
          assertThatThrownBy(() -> ring.read(this::recordAndFail))
              .isInstanceOf(IllegalStateException.class);
          assertThat(check.records()).isEqualTo(before + 1);
        }
      }
    }
    try (RingBuffer ring = RingBuffer.open(program.ring())) {
      ring.read(check::record);
    }
    assertThat(check.records()).isEqualTo(program.sent());
    assertThat(check.checksum()).isEqualTo(program.checksum());
  }

  private void recordAndFail(MemorySegment memory, long offset, int length) {
    check.record(memory, offset, length);
    throw new IllegalStateException("a reader's own defect");
  }

  @Test
  void aWaitingReaderIsWoken() throws Exception {
    try (RingBuffer ring = RingBuffer.open(program.ring())) {
      assertThat(ring.await(0)).isFalse();
      assertThat(ring.await(1)).isFalse();
      CompletableFuture<Boolean> woken = CompletableFuture.supplyAsync(() -> ring.await(60_000));
      Thread.sleep(Duration.ofMillis(20));
      assertThat(woken).isNotDone();
      write(1);
      assertThat(woken.get(30, TimeUnit.SECONDS)).isTrue();
      assertThat(ring.read(check::record)).isEqualTo(1);
    }
  }

  @Test
  void recordsAreReadOnlyAndEndWithTheRing() {
    write(1);
    MemorySegment[] kept = new MemorySegment[1];
    try (RingBuffer ring = RingBuffer.open(program.ring())) {
      ring.read((memory, offset, length) -> kept[0] = memory);
      assertThat(kept[0].isReadOnly()).isTrue();
    }
    assertThatThrownBy(() -> kept[0].get(ValueLayout.JAVA_BYTE, 0))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void onlyRingBuffersAreRead() {
    assertThatThrownBy(() -> RingBuffer.open(program.events()).close())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no ring buffer");
  }
}
