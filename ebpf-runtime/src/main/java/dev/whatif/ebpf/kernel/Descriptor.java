package dev.whatif.ebpf.kernel;

import dev.whatif.core.linux.Unistd;
import java.util.concurrent.atomic.AtomicInteger;

/** A file descriptor with one owner, closed once. */
final class Descriptor implements AutoCloseable {

  private static final int CLOSED = -1;

  private final String what;
  private final AtomicInteger fd;

  /**
   * Takes an open descriptor over.
   *
   * @param what of it, for errors
   */
  Descriptor(String what, int fd) {
    this.what = what;
    this.fd = new AtomicInteger(fd);
  }

  int fd() {
    int open = fd.get();
    if (open == CLOSED) {
      throw new IllegalStateException(what + " is closed");
    }
    return open;
  }

  @Override
  public void close() {
    int open = fd.getAndSet(CLOSED);
    if (open != CLOSED) {
      Unistd.close(open);
    }
  }
}
