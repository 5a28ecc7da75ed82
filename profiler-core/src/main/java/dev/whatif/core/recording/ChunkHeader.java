package dev.whatif.core.recording;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The first 68 bytes of a chunk, version 2, all numbers big-endian ({@code
 * jdk.jfr.internal.consumer.ChunkHeader}, {@code jfrChunkWriter.cpp}).
 *
 * <pre>
 *   0       4       6       8              16              24              32
 *   +-------+-------+-------+---------------+---------------+---------------+
 *   | FLR\0 | major | minor |  chunk size   | constant pool |   metadata    |
 *   +-------+-------+-------+---------------+---------------+---------------+
 *   32              40              48              56              64      68
 *   +---------------+---------------+---------------+---------------+-------+
 *   |  start nanos  | duration nanos|  start ticks  | ticks per sec | flags |
 *   +---------------+---------------+---------------+---------------+-------+
 *   68                                                                     size
 *   +----------------------------------------------------------------------+
 *   | events, one checkpoint event (constants), one metadata event         |
 *   +----------------------------------------------------------------------+
 * </pre>
 *
 * Positions are relative to the chunk. Start is nanoseconds since 1970; ticks are those of the
 * event times. The flags are zero in a finished chunk except bit 0, "integers are compressed". The
 * start must differ between chunks: JMC takes two chunks of one start for the same one.
 *
 * @param size bytes of the chunk, header included
 * @param constantPool offset of the last checkpoint event
 * @param metadata offset of the metadata event
 * @param startEpochNanos wall clock at the start
 * @param durationNanos how long the chunk was open
 * @param startTicks clock of the events at the start
 * @param ticksPerSecond its frequency
 */
record ChunkHeader(
    long size,
    long constantPool,
    long metadata,
    long startEpochNanos,
    long durationNanos,
    long startTicks,
    long ticksPerSecond) {

  static final int SIZE = 68;
  static final int MAGIC = 'F' << 24 | 'L' << 16 | 'R' << 8;
  static final int MAJOR = 2;
  static final int MINOR = 0;

  static final int MAGIC_AT = 0;
  static final int MAJOR_AT = MAGIC_AT + Integer.BYTES;
  static final int MINOR_AT = MAJOR_AT + Short.BYTES;
  static final int SIZE_AT = MINOR_AT + Short.BYTES;
  static final int CONSTANT_POOL_AT = SIZE_AT + Long.BYTES;
  static final int METADATA_AT = CONSTANT_POOL_AT + Long.BYTES;
  static final int START_NANOS_AT = METADATA_AT + Long.BYTES;
  static final int DURATION_NANOS_AT = START_NANOS_AT + Long.BYTES;
  static final int START_TICKS_AT = DURATION_NANOS_AT + Long.BYTES;
  static final int TICKS_PER_SECOND_AT = START_TICKS_AT + Long.BYTES;
  static final int FLAGS_AT = TICKS_PER_SECOND_AT + Long.BYTES;

  static final int COMPRESSED_INTEGERS = 1;

  /** Writes it at an offset of an array. */
  void write(byte[] target, int at) {
    ByteBuffer.wrap(target, at, SIZE)
        .order(ByteOrder.BIG_ENDIAN)
        .putInt(MAGIC)
        .putShort((short) MAJOR)
        .putShort((short) MINOR)
        .putLong(size)
        .putLong(constantPool)
        .putLong(metadata)
        .putLong(startEpochNanos)
        .putLong(durationNanos)
        .putLong(startTicks)
        .putLong(ticksPerSecond)
        .putInt(COMPRESSED_INTEGERS);
  }

  /** Reads it from 68 bytes; nothing is checked, the magic is the caller's to look at. */
  static ChunkHeader read(ByteBuffer b) {
    return new ChunkHeader(
        b.getLong(SIZE_AT),
        b.getLong(CONSTANT_POOL_AT),
        b.getLong(METADATA_AT),
        b.getLong(START_NANOS_AT),
        b.getLong(DURATION_NANOS_AT),
        b.getLong(START_TICKS_AT),
        b.getLong(TICKS_PER_SECOND_AT));
  }
}
