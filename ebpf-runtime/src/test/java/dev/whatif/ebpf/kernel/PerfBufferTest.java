package dev.whatif.ebpf.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.whatif.testing.Requirement;
import dev.whatif.testing.Requires;
import java.io.BufferedReader;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@Requires({Requirement.ROOT, Requirement.BPF, Requirement.LIBBPF})
class PerfBufferTest {

  private static final int BYTES = 65_536;

  private final RingProgram program = new RingProgram();
  private final SequenceCheck check = new SequenceCheck();

  @AfterEach
  void close() {
    program.close();
  }

  private void write(int records) {
    program.write("into_events", program.cpus()[0], records);
  }

  @Test
  void everyRecordOfEveryCpuIsSeenOnceAndInOrder() {
    try (PerfBuffer events = PerfBuffer.open(program.events(), BYTES)) {
      program.writeEverywhere("into_events", 10_000, () -> events.read(check::record));
      assertThat(check.records()).isEqualTo(program.sent()).isEqualTo(events.records());
      assertThat(check.checksum()).isEqualTo(program.checksum());
      assertThat(events.lost()).isEqualTo(program.failed());
      assertThat(events.damages()).isZero();
      assertThat(program.sent() + program.failed()).isEqualTo(program.attempts());
      assertThat(check.missing()).isBetween(0L, program.failed());
    }
  }

  @Test
  void lossesAreCountedExactlyAlsoTheLastOnes() {
    try (PerfBuffer events = PerfBuffer.open(program.events(), 4096)) {
      for (int round = 0; round < 20; round++) {
        write(100);
        events.read(check::record);
      }
      assertThat(program.failed()).isGreaterThan(1000);
      assertThat(events.lost()).isEqualTo(program.failed());
      assertThat(events.lostByRecords()).isLessThan(program.failed());
      write(1); // tells of those before
      events.read(check::record);
      assertThat(events.lostByRecords()).isEqualTo(program.failed()).isEqualTo(events.lost());
      assertThat(check.missing()).isEqualTo(program.failed());
      assertThat(check.records()).isEqualTo(program.sent());
      assertThat(check.checksum()).isEqualTo(program.checksum());
    }
  }

  @Test
  void libbpfReadsTheSame() throws IOException, InterruptedException {
    Process reader =
        new ProcessBuilder(LibbpfReader.program().toString(), "events", "" + program.events().id())
            .start();
    try (BufferedReader said = reader.inputReader()) {
      assertThat(said.readLine()).isEqualTo("ready");
      write(500);
      reader.getOutputStream().close();
      LibbpfReader theirs = LibbpfReader.parse(said.readLine());
      assertThat(theirs.records()).isEqualTo(program.sent());
      assertThat(theirs.checksum()).isEqualTo(program.checksum());
    } finally {
      reader.destroyForcibly().waitFor();
    }
    long sent = program.sent();
    long failed = program.failed();
    try (PerfBuffer events = PerfBuffer.open(program.events(), BYTES)) {
      write(500);
      events.read(check::record);
      assertThat(check.records()).isEqualTo(program.sent() - sent);
      assertThat(events.lost()).isEqualTo(program.failed() - failed);
    }
  }

  @Test
  void aWaitingReaderIsWokenAfterAsManyRecordsAsItWants() throws Exception {
    try (PerfBuffer events = PerfBuffer.open(program.events(), BYTES, 10)) {
      assertThat(events.await(0)).isFalse();
      CompletableFuture<Boolean> woken = CompletableFuture.supplyAsync(() -> events.await(60_000));
      Thread.sleep(Duration.ofMillis(20));
      assertThat(woken).isNotDone();
      write(10);
      assertThat(woken.get(30, TimeUnit.SECONDS)).isTrue();
      assertThat(events.read(check::record)).isEqualTo(10);
    }
  }

  @Test
  void aClosedBufferReceivesNothing() {
    PerfBuffer events = PerfBuffer.open(program.events(), BYTES);
    write(3);
    assertThat(events.read(check::record)).isEqualTo(3);
    events.close();
    events.close();
    write(3);
    assertThat(program.failed()).isEqualTo(3);
  }

  @Test
  void onlyArraysOfEventsAreRead() {
    assertThatThrownBy(() -> PerfBuffer.open(program.ring(), BYTES).close())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no array of perf events");
    assertThatThrownBy(() -> PerfBuffer.open(program.events(), -1).close())
        .isInstanceOf(IllegalArgumentException.class);
  }
}
