package dev.whatif.core.linux;

/** A C library function or system call that failed, with its name and errno. */
public final class LinuxException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final String call;
  private final int errno;

  LinuxException(String call, Errno errno) {
    super(call + ": " + errno);
    this.call = call;
    this.errno = errno.value();
  }

  /** The C name of the function, with the argument that tells one use from another. */
  public String call() {
    return call;
  }

  /** Why it failed. */
  public Errno errno() {
    return new Errno(errno);
  }

  /** Whether it failed with this errno. */
  public boolean is(Errno other) {
    return errno == other.value();
  }
}
