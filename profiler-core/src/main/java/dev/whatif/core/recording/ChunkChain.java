package dev.whatif.core.recording;

import dev.whatif.core.failure.BadDataException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The chunks of a file, each looked at before anything else reads it: headers, positions, and the
 * sizes of all events. The JDK's reader trusts these and would wait, loop or allocate without end
 * where they lie.
 *
 * @param headers of the whole chunks, in the order of the file
 * @param wholeBytes where they end
 * @param fileBytes where the file ends
 * @param damage what is wrong behind them, or null when nothing is
 */
record ChunkChain(
    List<ChunkHeader> headers, long wholeBytes, long fileBytes, @Nullable String damage) {

  /** Looks at a file from its beginning to its end or to the first damage. */
  static ChunkChain read(Path path, FileChannel channel) throws IOException {
    FileWindow window = new FileWindow(path, channel);
    List<ChunkHeader> headers = new ArrayList<>();
    long at = 0;
    String damage = null;
    while (at < window.size()) {
      try {
        ChunkHeader header = header(window, at);
        checkEvents(window, at, header);
        checkPools(window, at, header);
        headers.add(header);
        at += header.size();
      } catch (BadDataException e) {
        damage = e.getMessage();
        break;
      }
    }
    return new ChunkChain(List.copyOf(headers), at, window.size(), damage);
  }

  private static ChunkHeader header(FileWindow window, long at) throws IOException {
    window.limit(window.size());
    // Before the size: a short text is no torn recording.
    int magic = window.seek(at).take(Integer.BYTES).getInt(ChunkHeader.MAGIC_AT);
    if (magic != ChunkHeader.MAGIC) {
      throw window.malformed(at, "not a JFR chunk");
    }
    ByteBuffer bytes = window.seek(at).take(ChunkHeader.SIZE);
    int major = bytes.getShort(ChunkHeader.MAJOR_AT);
    if (major != 1 && major != 2) {
      throw window.malformed(at, "a chunk of JFR version " + major);
    }
    ChunkHeader h = ChunkHeader.read(bytes);
    if (bytes.get(ChunkHeader.FLAGS_AT) != 0) {
      throw window.malformed(at, "a chunk that is still being written");
    }
    if (h.size() <= ChunkHeader.SIZE || h.size() > window.size() - at) {
      throw window.malformed(
          at, "a chunk of " + h.size() + " bytes where " + (window.size() - at) + " are left");
    }
    if (h.ticksPerSecond() <= 0) {
      throw window.malformed(at, "a clock of " + h.ticksPerSecond() + " Hz");
    }
    if (outside(h.metadata(), h) || outside(h.constantPool(), h)) {
      throw window.malformed(at, "metadata or constants outside their chunk");
    }
    return h;
  }

  private static boolean outside(long position, ChunkHeader h) {
    return position < ChunkHeader.SIZE || position >= h.size();
  }

  /** The events must fill the chunk exactly. */
  private static void checkEvents(FileWindow window, long chunk, ChunkHeader h) throws IOException {
    long end = chunk + h.size();
    window.limit(end);
    long at = chunk + ChunkHeader.SIZE;
    boolean metadata = false;
    boolean constants = false;
    while (at < end) {
      window.seek(at);
      long size = window.number();
      long type = window.number();
      long header = window.position() - at;
      if (size < header || size > end - at) {
        throw window.malformed(at, "an event of " + size + " bytes");
      }
      metadata |= at == chunk + h.metadata() && type == PoolTypes.METADATA_EVENT;
      constants |= at == chunk + h.constantPool() && type == PoolTypes.CHECKPOINT_EVENT;
      at += size;
    }
    if (!metadata || !constants) {
      throw window.malformed(chunk, "a chunk whose header points at no metadata or constants");
    }
  }

  /** Checkpoint events point at the one before; a circle would keep the reader for ever. */
  private static void checkPools(FileWindow window, long chunk, ChunkHeader h) throws IOException {
    long at = chunk + h.constantPool();
    while (true) {
      window.seek(at);
      window.number(); // size
      if (window.number() != PoolTypes.CHECKPOINT_EVENT) {
        throw window.malformed(at, "no constants where they should be");
      }
      window.number(); // time
      window.number(); // duration
      long delta = window.number();
      if (delta == 0) {
        return;
      }
      if (delta > 0 || at + delta < chunk + ChunkHeader.SIZE) {
        throw window.malformed(at, "constants before these at " + delta);
      }
      at += delta;
    }
  }
}
