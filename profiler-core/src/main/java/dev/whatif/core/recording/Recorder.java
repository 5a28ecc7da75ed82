package dev.whatif.core.recording;

import dev.whatif.core.failure.WhatifException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes a recording: the sink of every source of events.
 *
 * <p>Safe for use by several threads: one lock, which costs some 20 ns a call when nobody else
 * holds it. Times are {@code CLOCK_MONOTONIC} nanoseconds, which {@link System#nanoTime()} returns
 * on Linux and perf events carry with {@code use_clockid}; events may come in any order.
 *
 * <p>Events become readable chunk by chunk. When the file cannot be written (disk full), it is cut
 * back to its whole chunks, and this and every later call throw {@link
 * dev.whatif.core.failure.UnavailableException}; {@link #close} then throws only if nothing else
 * did.
 */
public final class Recorder implements AutoCloseable {

  /** Version of what the events of this module mean; fact {@code recording.format}. */
  static final String FORMAT = "1";

  /** The first of the catalogue. */
  private static final int EXECUTION_SAMPLE = PoolTypes.FIRST_EVENT;

  private static final int SAMPLE_BYTES = 64;
  private static final int PADDED_SIZE = 4;

  private final ChunkFile file;
  private final ConstantPools pools;
  private final LongSupplier clock;
  private final long chunkBytes;
  private final long epochMinusMonotonic;
  private final Leb128Buffer buffer = new Leb128Buffer(256 * 1024);
  private final EventRegistry types = new EventRegistry();
  private final @Nullable Thread rotation;

  private long chunkStart;
  private long poolBytes;
  private boolean closed;
  private @Nullable WhatifException failure;
  private boolean failureThrown;

  private Recorder(ChunkFile file, RecorderOptions options, LongSupplier clock, Instant now) {
    this.file = file;
    this.pools = new ConstantPools(options.nameBytes(), options.stackFrames());
    this.clock = clock;
    this.chunkBytes = options.chunkBytes();
    this.chunkStart = clock.getAsLong();
    this.epochMinusMonotonic =
        Math.addExact(Math.multiplyExact(now.getEpochSecond(), 1_000_000_000L), now.getNano())
            - chunkStart;
    beginChunk();
    long nanos = options.chunkDuration().toNanos();
    rotation =
        nanos == 0
            ? null
            : Thread.ofPlatform().daemon().name("recorder").unstarted(() -> rotate(nanos));
  }

  /**
   * Begins a recording. The file is a valid one from here on.
   *
   * @throws dev.whatif.core.failure.UsageException when the file exists
   * @throws dev.whatif.core.failure.UnavailableException when it cannot be created or written
   */
  public static Recorder create(Path file, RecorderOptions options) {
    return create(ChunkFile.create(file), options, System::nanoTime, Instant.now());
  }

  /**
   * Fails as {@link #create} would and leaves nothing: for those who have long work to do before
   * they begin to record.
   */
  public static void check(Path file) {
    ChunkFile.create(file).discard();
  }

  static Recorder create(ChunkFile file, RecorderOptions options, LongSupplier clock, Instant now) {
    Recorder recorder = new Recorder(file, options, clock, now);
    try {
      recorder.environment("recording.format", FORMAT);
      recorder.finishChunk();
    } catch (WhatifException e) {
      file.discard();
      throw e;
    }
    if (recorder.rotation != null) {
      recorder.rotation.start();
    }
    return recorder;
  }

  /** The file being written. */
  public Path file() {
    return file.path();
  }

  /**
   * The number of a thread, the same for the same names; valid as long as the recorder.
   *
   * @param pid id of its process
   * @param tid its own kernel id
   */
  public synchronized int thread(int pid, int tid, String processName, String threadName) {
    return pools.thread(pid, tid, processName, threadName);
  }

  /**
   * The number of a function, the same for the same names; valid as long as the recorder.
   *
   * @param object the file it lies in, without folder: {@code redis-server}, {@code [kernel]}
   * @param function its name for people
   * @param sourceFile full path of its source, or the empty string
   */
  public synchronized int method(String object, String function, String sourceFile) {
    return pools.method(object, function, sourceFile);
  }

  /**
   * The number of a stack, the same for the same content. Use it at once: it is good until about
   * {@link RecorderOptions#stackFrames} newer frames were interned, and not for ever.
   *
   * @param methods numbers from {@link #method}, the leaf first
   * @param lines source lines, 0 when unknown
   * @param offsets bytes from the start of the physical function
   * @param frameTypes {@link FrameType#id} of each
   * @param depth how many entries of the arrays count
   * @param truncated whether callers are missing
   */
  public synchronized int stackTrace(
      int[] methods, int[] lines, int[] offsets, byte[] frameTypes, int depth, boolean truncated) {
    return pools.stackTrace(methods, lines, offsets, frameTypes, depth, truncated);
  }

  /**
   * A thread found running. A sample in the kernel whose leaf frame is not of type KERNEL gets such
   * a frame, named {@code [kernel]}: that is where readers see the state.
   *
   * @param monotonicNanos when
   * @param thread from {@link #thread}
   * @param stackTrace from {@link #stackTrace}, or 0
   */
  public synchronized void executionSample(
      long monotonicNanos, int thread, int stackTrace, SampleState state) {
    beforeEvent();
    int poolId = pools.useThread(thread);
    int stack = state == SampleState.KERNEL ? pools.inKernel(stackTrace) : stackTrace;
    poolBytes += pools.useStackTrace(stack);
    Leb128Buffer out = buffer;
    out.reserve(SAMPLE_BYTES);
    int start = out.size();
    out.u8(0);
    out.number(EXECUTION_SAMPLE);
    out.number(monotonicNanos);
    out.number(poolId);
    out.number(stack);
    out.number(SampleState.POOL_ID);
    out.patchNumber1(start, out.size() - start);
  }

  /** A fact found now. */
  public void environment(String key, String value) {
    environment(new Environment(clock.getAsLong(), key, value));
  }

  /** A fact about the machine, the target or the run. */
  public void environment(Environment fact) {
    write(EventCatalogue.ENVIRONMENT, fact);
  }

  /** A range of addresses and the file behind it. */
  public void mapping(MappingEvent mapping) {
    write(EventCatalogue.MAPPING, mapping);
  }

  /** Something that was dropped. */
  public void loss(Loss loss) {
    write(EventCatalogue.LOSS, loss);
  }

  /** What a part of the profiler itself took. */
  public void cost(Cost cost) {
    write(EventCatalogue.COST, cost);
  }

  /**
   * An event of any declared type; the first one of a type adds it to the recording. Costs some 20
   * ns a field.
   *
   * @throws IllegalArgumentException when another type of the same name was used before
   */
  public synchronized <E> void write(EventType<E> type, E event) {
    beforeEvent();
    int id = types.id(type);
    int start = buffer.size();
    buffer.skip(PADDED_SIZE);
    buffer.number(id);
    try {
      type.encode(event, buffer, pools);
      buffer.patchNumber4(start, buffer.size() - start);
    } catch (RuntimeException e) {
      buffer.truncate(start);
      throw e;
    }
  }

  private void beforeEvent() {
    if (closed || failure != null) {
      refuse();
    }
    if (buffer.size() + poolBytes > chunkBytes) {
      finish();
    }
  }

  private void refuse() {
    if (failure != null) {
      failureThrown = true;
      throw failure;
    }
    throw new IllegalStateException("the recorder of " + file.path() + " is closed");
  }

  /** Ends the chunk: everything so far becomes readable. Does nothing when there is nothing new. */
  public synchronized void finishChunk() {
    if (closed || failure != null) {
      refuse();
    }
    finish();
  }

  private void finish() {
    if (buffer.size() == ChunkHeader.SIZE) {
      return;
    }
    long end = Math.max(clock.getAsLong(), chunkStart + 1);
    int poolsAt = buffer.size();
    pools.write(buffer, end);
    int metadataAt = buffer.size();
    types.write(buffer, end);
    new ChunkHeader(
            buffer.size(),
            poolsAt,
            metadataAt,
            chunkStart + epochMinusMonotonic,
            end - chunkStart,
            chunkStart,
            1_000_000_000L)
        .write(buffer.array(), 0);
    try {
      file.append(buffer.content());
    } catch (WhatifException e) {
      failure = e;
      failureThrown = true;
      throw e;
    } finally {
      chunkStart = end;
      beginChunk();
    }
  }

  private void beginChunk() {
    buffer.clear();
    buffer.skip(ChunkHeader.SIZE);
    poolBytes = 0;
  }

  /**
   * The thread that finishes chunks by time, so that an idle target does not keep events waiting.
   */
  private void rotate(long nanos) {
    long wait = nanos;
    while (true) {
      LockSupport.parkNanos(wait);
      synchronized (this) {
        if (closed || failure != null) {
          return;
        }
        wait = chunkStart + nanos - clock.getAsLong();
        if (wait <= 0) {
          wait = nanos;
          try {
            finish();
          } catch (WhatifException e) {
            failureThrown = false;
            return;
          }
        }
      }
    }
  }

  /** Finishes the last chunk and closes the file; later calls do nothing. */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    try {
      if (failure == null) {
        noteRefusedNames();
        finish();
      } else if (!failureThrown) {
        refuse();
      }
    } finally {
      closed = true;
      if (rotation != null) {
        LockSupport.unpark(rotation);
      }
      file.close();
    }
  }

  private void noteRefusedNames() {
    long refused = pools.refusedNames();
    if (refused > 0) {
      loss(new Loss(clock.getAsLong(), "recorder", "too many names", refused, 0));
    }
  }
}
