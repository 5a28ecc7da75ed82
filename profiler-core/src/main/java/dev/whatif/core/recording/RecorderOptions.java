package dev.whatif.core.recording;

import java.time.Duration;

/**
 * How a recording is written.
 *
 * @param chunkDuration a chunk is finished at least this often while there are events, by a thread
 *     of the recorder; zero leaves it to {@link Recorder#finishChunk} and the size
 * @param chunkBytes a chunk is finished when it holds about so many bytes, 64 KiB to 256 MiB; also
 *     about the memory of the recorder, besides names and stacks
 * @param nameBytes memory that the names of functions, files and threads may take; what is new
 *     beyond it is recorded as "(too many names)" and counted as a loss
 * @param stackFrames frames that the interned stacks may take before the older ones are forgotten,
 *     12 bytes each, twice
 */
public record RecorderOptions(
    Duration chunkDuration, int chunkBytes, long nameBytes, int stackFrames) {

  private static final int MIB = 1024 * 1024;

  /** A chunk every 2 s or 16 MiB, 64 MiB of names, a million frames. */
  public static final RecorderOptions DEFAULT =
      new RecorderOptions(Duration.ofSeconds(2), 16 * MIB, 64L * MIB, 1_000_000);

  /** Checks the ranges. */
  public RecorderOptions {
    if (chunkDuration.isNegative()) {
      throw new IllegalArgumentException("chunk duration " + chunkDuration);
    }
    if (chunkBytes < 64 * 1024 || chunkBytes > 256 * MIB) {
      throw new IllegalArgumentException("chunk of " + chunkBytes + " bytes");
    }
    if (nameBytes < 0) {
      throw new IllegalArgumentException("names of " + nameBytes + " bytes");
    }
    if (stackFrames < 1 || stackFrames > 64 * MIB) {
      throw new IllegalArgumentException("stacks of " + stackFrames + " frames");
    }
  }

  /** The same with another duration. */
  public RecorderOptions withChunkDuration(Duration duration) {
    return new RecorderOptions(duration, chunkBytes, nameBytes, stackFrames);
  }

  /** The same with another size. */
  public RecorderOptions withChunkBytes(int bytes) {
    return new RecorderOptions(chunkDuration, bytes, nameBytes, stackFrames);
  }
}
