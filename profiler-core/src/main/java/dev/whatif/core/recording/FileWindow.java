package dev.whatif.core.recording;

import dev.whatif.core.failure.BadDataException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/**
 * Reads numbers of a file that may be longer than memory, through a buffer that moves. What lies
 * behind its limit is a {@link BadDataException}. Not mapped: a file cut off while it is read must
 * be an error, not a signal. Not safe for use by several threads.
 */
final class FileWindow {

  private static final int CAPACITY = 256 * 1024;

  private final Path path;
  private final FileChannel channel;
  private final long size;
  private final ByteBuffer buffer = ByteBuffer.allocate(CAPACITY).limit(0);
  private long bufferStart;
  private long limit;

  FileWindow(Path path, FileChannel channel) throws IOException {
    this.path = path;
    this.channel = channel;
    this.size = channel.size();
    this.limit = size;
  }

  /** Bytes of the file when it was opened. */
  long size() {
    return size;
  }

  /** Sets the offset that nothing may be read behind. */
  void limit(long newLimit) {
    limit = Math.min(newLimit, size);
  }

  long position() {
    return bufferStart + buffer.position();
  }

  FileWindow seek(long offset) {
    long inBuffer = offset - bufferStart;
    if (inBuffer >= 0 && inBuffer <= buffer.limit()) {
      buffer.position((int) inBuffer);
    } else {
      bufferStart = offset;
      buffer.position(0).limit(0);
    }
    return this;
  }

  /** The next bytes as a buffer of their own, big-endian. */
  ByteBuffer take(int count) throws IOException {
    byte[] bytes = new byte[count];
    for (int i = 0; i < count; i++) {
      bytes[i] = u8();
    }
    return ByteBuffer.wrap(bytes);
  }

  /** A number as {@link Leb128Buffer#number} writes it. */
  long number() throws IOException {
    long result = 0;
    for (int shift = 0; shift < 56; shift += 7) {
      byte b = u8();
      result |= (b & 0x7fL) << shift;
      if (b >= 0) {
        return result;
      }
    }
    return result | (u8() & 0xffL) << 56;
  }

  private byte u8() throws IOException {
    if (position() >= limit) {
      throw malformed(position(), "ends in the middle of a chunk");
    }
    if (!buffer.hasRemaining()) {
      fill();
    }
    return buffer.get();
  }

  private void fill() throws IOException {
    bufferStart = position();
    buffer.clear();
    if (channel.read(buffer, bufferStart) <= 0) {
      buffer.flip();
      throw malformed(bufferStart, "became shorter while it was read");
    }
    buffer.flip();
  }

  BadDataException malformed(long offset, String what) {
    return new BadDataException(path + ": " + what + " at offset 0x" + Long.toHexString(offset));
  }
}
