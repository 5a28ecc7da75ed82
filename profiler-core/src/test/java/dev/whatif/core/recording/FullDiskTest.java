package dev.whatif.core.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.whatif.core.failure.UnavailableException;
import dev.whatif.testing.Programs;
import dev.whatif.testing.Requirement;
import dev.whatif.testing.Requires;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FullDiskTest {

  @TempDir Path folder;

  /** A channel of a disk with room for so many bytes: writes what fits, then fails. */
  private record Bounded(FileChannel file, long room) implements SeekableByteChannel {

    @Override
    public int write(ByteBuffer source) throws IOException {
      long left = room - file.position();
      if (left <= 0) {
        throw new IOException("No space left on device");
      }
      ByteBuffer part = source.slice().limit((int) Math.min(left, source.remaining()));
      int written = file.write(part);
      source.position(source.position() + written);
      return written;
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
      return file.read(target);
    }

    @Override
    public long position() throws IOException {
      return file.position();
    }

    @Override
    public SeekableByteChannel position(long position) throws IOException {
      file.position(position);
      return this;
    }

    @Override
    public long size() throws IOException {
      return file.size();
    }

    @Override
    public SeekableByteChannel truncate(long size) throws IOException {
      file.truncate(size);
      return this;
    }

    @Override
    public boolean isOpen() {
      return file.isOpen();
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }

  private static void fill(Recorder r) {
    int thread = r.thread(1, 2, "p", "t");
    int method = r.method("a.out", "main", "");
    int stack =
        r.stackTrace(new int[] {method}, new int[] {1}, new int[] {2}, new byte[] {3}, 1, false);
    for (int i = 0; i < 200_000; i++) {
      r.executionSample(i, thread, stack, SampleState.USER);
      if (i % 1000 == 999) {
        r.finishChunk();
      }
    }
  }

  private static void wholeChunksAreLeft(Path file, long room) throws IOException {
    assertThat(Files.size(file)).isPositive().isLessThanOrEqualTo(room);
    try (Recording r = Recording.open(file)) {
      assertThat(r.damage()).isEmpty();
      assertThat(r.samples().count()).isEqualTo((r.chunks() - 1) * 1000L).isPositive();
    }
  }

  @Test
  void theFileIsCutBackToItsWholeChunksAndTheErrorSaysSo() throws Exception {
    Path file = folder.resolve("full.jfr");
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    ChunkFile chunks = new ChunkFile(file, new Bounded(channel, 100_000));
    try (Recorder r =
        Recorder.create(chunks, ExampleRecording.BY_HAND, System::nanoTime, Instant.now())) {
      UnavailableException e = catchThrowableOfType(UnavailableException.class, () -> fill(r));
      assertThat(e)
          .hasMessageContaining("full.jfr: No space left on device; the ")
          .hasMessageContaining("are whole and readable");
      assertThat(e.remedy()).contains("Free space");
      assertThatThrownBy(() -> r.environment("a", "b")).isSameAs(e);
      assertThatThrownBy(r::finishChunk).isSameAs(e);
    }
    wholeChunksAreLeft(file, 100_000);
  }

  @Test
  void aFailureOfTheRotationIsTellableLater() throws Exception {
    Path file = folder.resolve("rotation.jfr");
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    ChunkFile chunks = new ChunkFile(file, new Bounded(channel, 5_000));
    RecorderOptions often = RecorderOptions.DEFAULT.withChunkDuration(Duration.ofMillis(5));
    Recorder r = Recorder.create(chunks, often, System::nanoTime, Instant.now());
    r.environment("a", "b".repeat(9_000));
    assertThatThrownBy(
            () -> {
              // Either the rotation fails first and close tells it, or close fails itself.
              Thread.sleep(100);
              r.close();
            })
        .isInstanceOf(UnavailableException.class);
    r.close();
    try (Recording read = Recording.open(file)) {
      assertThat(read.chunks()).isEqualTo(1);
    }
  }

  @Test
  @Requires(Requirement.ROOT)
  void aFullFileSystemLeavesWholeChunks() throws Exception {
    Path mount = Files.createDirectory(folder.resolve("small"));
    Programs.run("mount", "-t", "tmpfs", "-o", "size=200k", "tmpfs", mount.toString());
    try {
      Path file = mount.resolve("full.jfr");
      try (Recorder r = Recorder.create(file, ExampleRecording.BY_HAND)) {
        assertThatThrownBy(() -> fill(r))
            .isInstanceOf(UnavailableException.class)
            .hasMessageContaining("No space left on device");
      }
      wholeChunksAreLeft(file, 200 * 1024);
    } finally {
      Programs.run("umount", mount.toString());
    }
  }

  @Test
  void aFileThatCannotEvenBeginIsNotLeftBehind() throws Exception {
    Path file = folder.resolve("begin.jfr");
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    ChunkFile chunks = new ChunkFile(file, new Bounded(channel, 100));
    assertThatThrownBy(
            () -> Recorder.create(chunks, RecorderOptions.DEFAULT, System::nanoTime, Instant.now()))
        .isInstanceOf(UnavailableException.class);
    assertThat(file).doesNotExist();
  }

  @Test
  void aFolderThatIsNotThereIsAUsageError() {
    assertThatThrownBy(
            () -> Recorder.create(folder.resolve("no/where.jfr"), RecorderOptions.DEFAULT))
        .hasMessageContaining("its folder does not exist");
  }
}
