package dev.whatif.core.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.whatif.core.failure.BadDataException;
import java.io.File;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import one.jfr.JfrReader;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openjdk.jmc.common.item.IItemIterable;
import org.openjdk.jmc.flightrecorder.JfrLoaderToolkit;

/** What is left of a recording whose writer was killed, and of files that lie. */
class TornRecordingTest {

  @TempDir static Path folder;

  private static byte[] whole;
  private static final List<Integer> ends = new ArrayList<>();

  @BeforeAll
  static void write() throws Exception {
    MissionControl.hush();
    Path file = folder.resolve("whole.jfr");
    ExampleRecording.write(file);
    whole = Files.readAllBytes(file);
    int at = 0;
    while (at < whole.length) {
      at += (int) ByteBuffer.wrap(whole).getLong(at + ChunkHeader.SIZE_AT);
      ends.add(at);
    }
    assertThat(ends).hasSize(4).last().isEqualTo(whole.length);
  }

  private static Path file(byte[] bytes) throws Exception {
    Path file = folder.resolve("torn.jfr");
    Files.write(file, bytes);
    return file;
  }

  @Test
  void atEveryLengthTheWholeChunksAreReadAndTheRestIsNamed() throws Exception {
    for (int length = ends.getFirst(); length < whole.length; length++) {
      if (!interesting(length)) {
        continue;
      }
      int whole = wholeChunks(length);
      int wholeBytes = ends.get(whole - 1);
      try (Recording r = Recording.open(file(Arrays.copyOf(TornRecordingTest.whole, length)))) {
        assertThat(r.chunks()).isEqualTo(whole);
        if (length == wholeBytes) {
          assertThat(r.damage()).isEmpty();
        } else {
          assertThat(r.damage().orElseThrow())
              .contains("torn.jfr", "last " + (length - wholeBytes) + " bytes")
              .contains("truncate -s " + wholeBytes);
        }
        if (length % 50 == 0 || length == wholeBytes) {
          assertThat(r.samples()).hasSize((whole - 1) * 20);
          assertThat(r.environment()).containsKey("recording.format");
        }
      }
    }
  }

  /** Every byte near the borders of a chunk and in its header; of the rest, some. */
  private static boolean interesting(int length) {
    return length % 97 == 0
        || ends.stream().anyMatch(end -> length >= end - 5 && length <= end + ChunkHeader.SIZE + 5);
  }

  private static int wholeChunks(int length) {
    return (int) ends.stream().filter(end -> end <= length).count();
  }

  @Test
  void withoutAWholeChunkItIsRefused() throws Exception {
    for (int length : new int[] {0, 1, 4, 67, 68, 69, 500, ends.getFirst() - 1}) {
      Path file = file(Arrays.copyOf(whole, length));
      assertThatThrownBy(() -> Recording.open(file))
          .isInstanceOf(BadDataException.class)
          .hasMessageContaining("torn.jfr");
    }
    assertThatThrownBy(() -> Recording.open(folder.resolve("no.jfr")))
        .isInstanceOf(BadDataException.class)
        .hasMessageContaining("no such file");
    assertThatThrownBy(() -> Recording.open(folder)).isInstanceOf(BadDataException.class);
  }

  @Test
  void missionControlAndJfrconvLeaveTheTornChunkOutToo() throws Exception {
    int end = ends.get(2);
    for (int extra : new int[] {1, 4, 67, 68, 69, 2000}) {
      Path file = file(Arrays.copyOf(whole, end + extra));
      long items = 0;
      for (IItemIterable i : JfrLoaderToolkit.loadEvents(file.toFile())) {
        items += i.getItemCount();
      }
      assertThat(items).as("JMC, %d bytes of the next chunk", extra).isGreaterThanOrEqualTo(40);
      if (extra >= ChunkHeader.SIZE) {
        try (JfrReader reader = new JfrReader(file.toString())) {
          assertThat(reader.readAllEvents()).hasSize(40);
          assertThat(reader.incomplete()).isTrue();
        }
      }
    }
  }

  @Test
  void damagedBytesAreBadDataOrReadAndNeverAnythingElse() throws Exception {
    Random random = new Random(7);
    int refused = 0;
    for (int i = 0; i < 400; i++) {
      byte[] bad = whole.clone();
      for (int k = 0; k < 1 + i % 4; k++) {
        bad[place(random, i)] = (byte) random.nextInt();
      }
      Path file = file(i % 5 == 0 ? Arrays.copyOf(bad, random.nextInt(bad.length)) : bad);
      refused += readAll(file) ? 0 : 1;
    }
    assertThat(refused).isGreaterThan(50);
  }

  /** Headers and the metadata tree first: that is where a byte matters most. */
  private static int place(Random random, int round) {
    int chunk = random.nextInt(ends.size());
    int start = chunk == 0 ? 0 : ends.get(chunk - 1);
    return switch (round % 3) {
      case 0 -> start + random.nextInt(ChunkHeader.SIZE);
      case 1 -> ends.get(chunk) - 1 - random.nextInt(3000);
      default -> random.nextInt(whole.length);
    };
  }

  private static boolean readAll(Path file) {
    try (Recording r = Recording.open(file);
        var samples = r.samples()) {
      samples.forEach(s -> assertThat(s.frames()).isNotNull());
      r.mappings();
      r.environment();
      r.duration();
      return r.damage().isEmpty();
    } catch (BadDataException e) {
      assertThat(e).hasMessageContaining(file.toString());
      return false;
    }
  }

  @Test
  void circlesAndHugeSizesEnd() throws Exception {
    byte[] circle = whole.clone();
    ByteBuffer.wrap(circle)
        .putLong(ends.get(0) + ChunkHeader.CONSTANT_POOL_AT, Long.MAX_VALUE)
        .putLong(ChunkHeader.SIZE_AT, ends.get(0));
    assertThat(readAll(file(circle))).isFalse();
    byte[] huge = whole.clone();
    ByteBuffer.wrap(huge).putLong(ends.get(0) + ChunkHeader.SIZE_AT, Long.MAX_VALUE - 5);
    assertThat(readAll(file(huge))).isFalse();
    byte[] backwards = whole.clone();
    ByteBuffer.wrap(backwards).putLong(ends.get(0) + ChunkHeader.SIZE_AT, -ends.get(0));
    assertThat(readAll(file(backwards))).isFalse();
  }

  @Test
  void aKilledRecorderLeavesItsFinishedChunks() throws Exception {
    Path file = folder.resolve("killed.jfr");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                "target/classes" + File.pathSeparator + "target/test-classes",
                KilledRecorder.class.getName(),
                file.toString())
            .inheritIO()
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      long enough = 5 * (long) whole.length;
      long giveUp = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
      while ((!Files.exists(file) || Files.size(file) < enough) && System.nanoTime() < giveUp) {
        Thread.sleep(10);
      }
    } finally {
      process.destroyForcibly();
      process.waitFor();
    }
    try (Recording r = Recording.open(file)) {
      assertThat(r.chunks()).isGreaterThan(2);
      long samples = r.samples().count();
      assertThat(samples).isPositive();
      assertThat(samples % KilledRecorder.SAMPLES_PER_CHUNK).isZero();
      assertThat(samples).isEqualTo((r.chunks() - 1L) * KilledRecorder.SAMPLES_PER_CHUNK);
    }
  }
}
