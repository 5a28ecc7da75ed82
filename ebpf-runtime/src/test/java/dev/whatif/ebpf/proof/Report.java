package dev.whatif.ebpf.proof;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * What a self-checking target says about itself while it runs: a page of a file that both map.
 *
 * <pre>
 *   0  ready     8  wrong    16  eintr    24  threads    32  text[96]    128  rounds[256]
 * </pre>
 *
 * The same layout stands in src/test/c/report.h and in the targets in Go, Python and Java.
 */
final class Report {

  private static final int BYTES = 4096;
  private static final int READY = 0;
  private static final int WRONG = 8;
  private static final int EINTR = 16;
  private static final int THREADS = 24;
  private static final int TEXT = 32;
  private static final int ROUNDS = 128;

  private final Path file;
  private final MappedByteBuffer page;

  private Report(Path file, MappedByteBuffer page) {
    this.file = file;
    this.page = page;
  }

  /** An empty one in a file of its own. */
  static Report create(Path folder) {
    try {
      Path file = Files.createTempFile(folder, "report", "");
      Files.write(file, new byte[BYTES]);
      // Targets that have become another user write to it, too.
      if (!file.toFile().setWritable(true, false) || !file.toFile().setReadable(true, false)) {
        throw new IOException(file + ": cannot be opened to others");
      }
      try (FileChannel channel =
          FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
        MappedByteBuffer page = channel.map(FileChannel.MapMode.READ_WRITE, 0, BYTES);
        page.order(ByteOrder.LITTLE_ENDIAN);
        return new Report(file, page);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Path file() {
    return file;
  }

  boolean ready() {
    return page.getLong(READY) == 1;
  }

  /** How many results were not the known ones. */
  long wrong() {
    return page.getLong(WRONG);
  }

  /** How many calls failed with EINTR though nobody had sent a signal. */
  long eintr() {
    return page.getLong(EINTR);
  }

  int threads() {
    return (int) page.getLong(THREADS);
  }

  long rounds(int thread) {
    return page.getLong(ROUNDS + 8 * thread);
  }

  /** About the first failure. */
  String text() {
    byte[] text = new byte[ROUNDS - TEXT];
    page.get(TEXT, text);
    return new String(text, StandardCharsets.UTF_8).replaceFirst("\0.*", "");
  }
}
