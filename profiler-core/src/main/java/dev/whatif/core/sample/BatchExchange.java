package dev.whatif.core.sample;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The batches on their round between the two threads. When all are full, the drain thread waits,
 * the rings fill, and the kernel counts what does not fit: lost, but not silently.
 */
final class BatchExchange {

  private static final int BATCHES = 16;

  private final BlockingQueue<SampleBatch> empty = new ArrayBlockingQueue<>(BATCHES);
  private final BlockingQueue<SampleBatch> full = new ArrayBlockingQueue<>(BATCHES);

  BatchExchange() {
    for (int i = 0; i < BATCHES; i++) {
      empty.add(new SampleBatch());
    }
  }

  SampleBatch takeEmpty() {
    while (true) {
      try {
        return empty.take();
      } catch (InterruptedException e) {
        // the drain thread is ended by a flag, and only after its last pass
      }
    }
  }

  /** An empty one, or null when there is none this moment. */
  @Nullable SampleBatch pollEmpty() {
    return empty.poll();
  }

  void putFull(SampleBatch batch) {
    full.add(batch);
  }

  /** The next full one, or null when none came in time. */
  @Nullable SampleBatch pollFull(long millis) {
    try {
      return full.poll(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      return null;
    }
  }

  void putEmpty(SampleBatch batch) {
    batch.clear();
    empty.add(batch);
  }
}
