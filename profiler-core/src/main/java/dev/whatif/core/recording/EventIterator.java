package dev.whatif.core.recording;

import dev.whatif.core.failure.BadDataException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;

/**
 * All events of a file in the order of the file. Whatever the JDK's reader throws at damage becomes
 * a {@link BadDataException} that names the file. Closes itself at the end. Not safe for use by
 * several threads.
 */
final class EventIterator implements Iterator<RecordedEvent>, AutoCloseable {

  private final Path named;
  private final RecordingFile events;
  private final RecordedFacts facts = new RecordedFacts();
  private final Consumer<RecordedFacts> atEnd;

  /**
   * Opens a file.
   *
   * @param file what is read
   * @param named what it is called in errors
   * @param atEnd gets the facts when the last event was taken
   */
  EventIterator(Path file, Path named, Consumer<RecordedFacts> atEnd) {
    this.named = named;
    this.atEnd = atEnd;
    this.events = guarded(named, () -> new RecordingFile(file));
  }

  /** Runs something that touches hostile data in the JDK's reader. */
  static <T> T guarded(Path named, Callable<T> work) {
    try {
      return work.call();
    } catch (BadDataException e) {
      throw e;
    } catch (Exception | StackOverflowError | AssertionError | InternalError e) {
      throw new BadDataException(
          named + ": the recording is damaged: " + e,
          "Record again; the file cannot be repaired.",
          e);
    }
  }

  @Override
  public boolean hasNext() {
    if (events.hasMoreEvents()) {
      return true;
    }
    close();
    atEnd.accept(facts);
    return false;
  }

  @Override
  public RecordedEvent next() {
    if (!events.hasMoreEvents()) {
      throw new NoSuchElementException();
    }
    return guarded(
        named,
        () -> {
          RecordedEvent event = events.readEvent();
          facts.event(event);
          return event;
        });
  }

  @Override
  public void close() {
    try {
      events.close();
    } catch (IOException e) {
      throw new BadDataException(named + ": " + e.getMessage(), null, e);
    }
  }
}
