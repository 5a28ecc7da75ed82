package dev.whatif.core.process;

import dev.whatif.core.failure.TargetLostException;
import dev.whatif.core.failure.UnavailableException;
import dev.whatif.core.linux.LinuxException;
import dev.whatif.core.linux.Ptrace;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;

/**
 * The memory of a stopped process by {@code /proc/PID/mem}, or word by word by ptrace where that
 * may not override a page's protection (kernel parameter {@code proc_mem.force_override}).
 *
 * <p>The file shows the address space that the process had when it was opened: after an exec it is
 * empty, so that it must be opened anew for each stop.
 */
final class TargetMemory implements AutoCloseable {

  private final int pid;
  private final RandomAccessFile file;
  private final FileChannel channel;

  private TargetMemory(int pid, RandomAccessFile file) {
    this.pid = pid;
    this.file = file;
    this.channel = file.getChannel();
  }

  /**
   * Opens it.
   *
   * @param tid a stopped thread: a leader that has ended before its threads has no memory any more
   */
  static TargetMemory open(int pid, int tid) {
    try {
      RandomAccessFile file = new RandomAccessFile("/proc/" + tid + "/mem", "rw");
      Requests.passed();
      return new TargetMemory(pid, file);
    } catch (IOException e) {
      throw new TargetLostException(
          "the memory of process " + pid + " cannot be opened: " + e.getMessage(), null, e);
    }
  }

  void read(long address, byte[] into) {
    ByteBuffer buffer = ByteBuffer.wrap(into);
    try {
      while (buffer.hasRemaining()) {
        int n = channel.read(buffer, address + buffer.position());
        Requests.passed();
        if (n <= 0) {
          throw gone();
        }
      }
    } catch (IOException | IllegalArgumentException e) {
      throw refused("read", address + buffer.position(), buffer.remaining(), e);
    }
  }

  /**
   * Writes all bytes.
   *
   * @param tid a stopped thread, for the way by ptrace
   */
  void write(int tid, long address, byte[] bytes) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    try {
      while (buffer.hasRemaining()) {
        int n = channel.write(buffer, address + buffer.position());
        Requests.passed();
        if (n <= 0) {
          throw gone();
        }
      }
    } catch (IOException e) {
      Requests.passed();
      poke(tid, address, bytes, buffer.position());
    } catch (IllegalArgumentException e) {
      throw refused("write", address, bytes.length, e);
    }
  }

  /** Word by word, the bytes around kept. */
  private void poke(int tid, long address, byte[] bytes, int from) {
    try {
      for (long at = (address + from) & -Long.BYTES; at < address + bytes.length; at += 8) {
        ByteBuffer word = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        word.putLong(0, Ptrace.peekText(tid, at));
        Requests.passed();
        for (int i = 0; i < Long.BYTES; i++) {
          long offset = at + i - address;
          if (offset >= 0 && offset < bytes.length) {
            word.put(i, bytes[(int) offset]);
          }
        }
        Ptrace.pokeText(tid, at, word.getLong(0));
        Requests.passed();
      }
    } catch (LinuxException e) {
      throw refused("write", address, bytes.length, e);
    }
  }

  private UnavailableException refused(String what, long address, int bytes, Exception cause) {
    return new UnavailableException(
        "cannot %s %d bytes at 0x%x in process %d: nothing is mapped there"
            .formatted(what, bytes, address, pid),
        null,
        cause);
  }

  private TargetLostException gone() {
    return new TargetLostException("process " + pid + " has ended or executed another program");
  }

  @Override
  public void close() {
    try {
      file.close();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
