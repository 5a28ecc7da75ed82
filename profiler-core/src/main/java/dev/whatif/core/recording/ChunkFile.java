package dev.whatif.core.recording;

import dev.whatif.core.failure.UnavailableException;
import dev.whatif.core.failure.UsageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The file of a recording, which holds whole chunks only: an append that fails is taken back. Not
 * safe for use by several threads.
 */
final class ChunkFile implements AutoCloseable {

  private final Path path;
  private final SeekableByteChannel channel;
  private long wholeBytes;
  private int chunks;

  ChunkFile(Path path, SeekableByteChannel channel) {
    this.path = path;
    this.channel = channel;
  }

  /** Creates it; an existing file is refused. */
  static ChunkFile create(Path path) {
    try {
      return new ChunkFile(
          path, FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
    } catch (FileAlreadyExistsException e) {
      throw new UsageException(
          path + " exists already, and recordings are never overwritten",
          "Choose another file with -o, or remove it.",
          e);
    } catch (NoSuchFileException e) {
      throw new UsageException(
          "cannot create " + path + ": its folder does not exist",
          "Create the folder, or choose another file with -o.",
          e);
    } catch (AccessDeniedException e) {
      throw new UnavailableException(
          "cannot create " + path + ": its folder may not be written",
          "Name a file elsewhere with -o.",
          e);
    } catch (IOException e) {
      throw new UnavailableException(
          "cannot create " + path + ": " + reason(e), "Choose another file with -o.", e);
    }
  }

  Path path() {
    return path;
  }

  int chunks() {
    return chunks;
  }

  /** Appends a whole chunk, in one write where the system takes it. */
  void append(ByteBuffer chunk) {
    try {
      while (chunk.hasRemaining()) {
        channel.write(chunk);
      }
      wholeBytes = channel.position();
      chunks++;
    } catch (IOException e) {
      throw failure(e, takeBack(e));
    }
  }

  private boolean takeBack(IOException why) {
    try {
      channel.truncate(wholeBytes);
      channel.position(wholeBytes);
      return true;
    } catch (IOException e) {
      why.addSuppressed(e);
      return false;
    }
  }

  private UnavailableException failure(IOException e, boolean whole) {
    String kept =
        whole
            ? "; the "
                + chunks
                + " chunks ("
                + wholeBytes
                + " bytes) written before are whole and readable"
            : "; its first " + wholeBytes + " bytes are readable";
    return new UnavailableException(
        "cannot write " + path + ": " + reason(e) + kept,
        "Free space on that file system, or record to another one with -o.",
        e);
  }

  /** Closes and removes the file, which nothing was written to. */
  void discard() {
    try {
      channel.close();
      Files.deleteIfExists(path);
    } catch (IOException e) {
      // The failure that led here is the one to be told.
    }
  }

  private static String reason(IOException e) {
    String message = e.getMessage();
    return message == null ? e.getClass().getSimpleName() : message;
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw failure(e, true);
    }
  }
}
