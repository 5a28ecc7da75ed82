package dev.whatif.ebpf.attach;

import dev.whatif.core.linux.Errno;

/** A system call that the target made for us and that failed there; nothing of ours is lost. */
final class RemoteCallException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final String call;
  private final int errno;

  RemoteCallException(RemoteCall call, Errno errno) {
    super(call + " in the target: " + errno);
    this.call = call.name();
    this.errno = errno.value();
  }

  String call() {
    return call;
  }

  Errno errno() {
    return new Errno(errno);
  }

  boolean is(Errno other) {
    return errno == other.value();
  }
}
