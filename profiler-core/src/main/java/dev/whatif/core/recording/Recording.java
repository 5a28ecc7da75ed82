package dev.whatif.core.recording;

import dev.whatif.core.failure.BadDataException;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import jdk.jfr.consumer.RecordedEvent;
import org.jspecify.annotations.Nullable;

/**
 * A recording that is read: whatif's own, or any other JFR file, whose missing parts get defaults.
 *
 * <p>Opening looks at every chunk (some 0.1 s for 100 MB) and refuses what is no recording with a
 * {@link BadDataException}. A torn or damaged end is left out, and {@link #damage} says so. Streams
 * read the file anew each time, throw {@code BadDataException} where the content is damaged, and
 * want to be closed. Instances are not safe for use by several threads; several may read one file.
 */
public final class Recording implements AutoCloseable {

  private final Path path;
  private final ChunkChain chain;
  private final Path readable;
  private @Nullable RecordedFacts facts;

  private Recording(Path path, ChunkChain chain, Path readable) {
    this.path = path;
    this.chain = chain;
    this.readable = readable;
  }

  /**
   * Opens a recording. When its end is torn, the part before is copied to a temporary file until
   * {@link #close}, because the JDK's reader cannot stop early.
   *
   * @throws BadDataException when the file cannot be read or holds no whole chunk
   */
  public static Recording open(Path path) {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      ChunkChain chain = ChunkChain.read(path, channel);
      if (chain.headers().isEmpty()) {
        String damage = chain.damage();
        throw new BadDataException(
            damage == null ? path + ": the file is empty" : damage,
            "Give a JFR file: what whatif record, a JVM or async-profiler wrote.");
      }
      boolean whole = chain.wholeBytes() == chain.fileBytes();
      return new Recording(path, chain, whole ? path : copy(channel, chain.wholeBytes()));
    } catch (NoSuchFileException e) {
      throw new BadDataException(path + ": there is no such file", null, e);
    } catch (IOException e) {
      throw new BadDataException(path + ": cannot be read: " + e.getMessage(), null, e);
    }
  }

  private static Path copy(FileChannel from, long bytes) throws IOException {
    Path copy = Files.createTempFile("whatif-", ".jfr");
    try (WritableByteChannel to = Channels.newChannel(Files.newOutputStream(copy))) {
      long done = 0;
      while (done < bytes) {
        long count = from.transferTo(done, bytes - done, to);
        if (count <= 0) {
          throw new IOException("it became shorter while it was read");
        }
        done += count;
      }
      return copy;
    } catch (IOException e) {
      Files.deleteIfExists(copy);
      throw e;
    }
  }

  /** The file. */
  public Path file() {
    return path;
  }

  /** Number of whole chunks. */
  public int chunks() {
    return chain.headers().size();
  }

  /**
   * What is missing at the end of the file and how to make other tools open the rest, as a
   * sentence; empty when nothing is.
   */
  public Optional<String> damage() {
    String damage = chain.damage();
    if (damage == null) {
      return Optional.empty();
    }
    return Optional.of(
        damage
            + "; the last "
            + (chain.fileBytes() - chain.wholeBytes())
            + " bytes are left out (for other tools: truncate -s "
            + chain.wholeBytes()
            + " "
            + path
            + ")");
  }

  /** Wall clock at the beginning. */
  public Instant start() {
    return instant(chain.headers().getFirst().startEpochNanos());
  }

  /** From the beginning of the first chunk to the end of the last one. */
  public Duration duration() {
    ChunkHeader last = chain.headers().getLast();
    return Duration.between(
        start(), instant(last.startEpochNanos()).plusNanos(Math.max(0, last.durationNanos())));
  }

  private static Instant instant(long epochNanos) {
    return Instant.ofEpochSecond(0, epochNanos);
  }

  /** The facts about machine, target and run; of a key written twice, the later value. */
  public Map<String, String> environment() {
    return facts().environment();
  }

  /** What was dropped. */
  public List<Loss> losses() {
    return facts().losses();
  }

  /** What the profiler itself took. */
  public List<Cost> costs() {
    return facts().costs();
  }

  /** The files in the address spaces of the targets. */
  public List<MappingEvent> mappings() {
    return facts().mappings();
  }

  /** All {@code jdk.ExecutionSample}s, in the order of the file, which is nearly that of time. */
  public Stream<Sample> samples() {
    SampleReader reader = new SampleReader();
    return events()
        .filter(e -> e.getEventType().getName().equals("jdk.ExecutionSample"))
        .map(e -> EventIterator.guarded(path, () -> reader.sample(e)));
  }

  /** All events of all types, in the order of the file. */
  public Stream<RecordedEvent> events() {
    EventIterator iterator = new EventIterator(readable, path, this::learnt);
    int traits = Spliterator.ORDERED | Spliterator.NONNULL;
    return StreamSupport.stream(Spliterators.spliteratorUnknownSize(iterator, traits), false)
        .onClose(iterator::close);
  }

  /** Whoever has read all events has read the facts as well: no second pass for them. */
  private void learnt(RecordedFacts all) {
    facts = all;
  }

  private RecordedFacts facts() {
    RecordedFacts known = facts;
    if (known == null) {
      try (EventIterator events = new EventIterator(readable, path, this::learnt)) {
        while (events.hasNext()) {
          events.next();
        }
      }
      known = Objects.requireNonNull(facts);
    }
    return known;
  }

  /** Removes the temporary copy, if there is one. */
  @Override
  public void close() {
    if (!readable.equals(path)) {
      try {
        Files.deleteIfExists(readable);
      } catch (IOException e) {
        readable.toFile().deleteOnExit();
      }
    }
  }
}
