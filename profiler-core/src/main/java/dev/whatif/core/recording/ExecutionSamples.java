package dev.whatif.core.recording;

import java.nio.file.Path;
import jdk.jfr.consumer.RecordedEvent;

/**
 * Understands {@code jdk.ExecutionSample} one event at a time, for who reads several kinds of
 * events in one pass; {@link Recording#samples} is the stream of all. Not safe for use by several
 * threads.
 */
public final class ExecutionSamples {

  /** The event's name. */
  public static final String EVENT = "jdk.ExecutionSample";

  private final SampleReader reader = new SampleReader();
  private final Path file;

  /**
   * Remembers threads and stacks from event to event.
   *
   * @param file what to call the recording in errors
   */
  public ExecutionSamples(Path file) {
    this.file = file;
  }

  /**
   * The sample in an event.
   *
   * @throws dev.whatif.core.failure.BadDataException when the event is damaged
   */
  public Sample of(RecordedEvent event) {
    return EventIterator.guarded(file, () -> reader.sample(event));
  }
}
