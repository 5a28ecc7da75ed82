package dev.whatif.core.linux;

/**
 * An error number of Linux on x86-64 ({@code include/uapi/asm-generic/errno-base.h}, {@code
 * errno.h}).
 *
 * @param value the number, positive
 */
public record Errno(int value) {
  public static final Errno EPERM = new Errno(1);
  public static final Errno ENOENT = new Errno(2);
  public static final Errno ESRCH = new Errno(3);
  public static final Errno EINTR = new Errno(4);
  public static final Errno EIO = new Errno(5);
  public static final Errno E2BIG = new Errno(7);
  public static final Errno EBADF = new Errno(9);
  public static final Errno ECHILD = new Errno(10);
  public static final Errno EAGAIN = new Errno(11);
  public static final Errno ENOMEM = new Errno(12);
  public static final Errno EACCES = new Errno(13);
  public static final Errno EFAULT = new Errno(14);
  public static final Errno EBUSY = new Errno(16);
  public static final Errno EEXIST = new Errno(17);
  public static final Errno ENODEV = new Errno(19);
  public static final Errno EINVAL = new Errno(22);
  public static final Errno EMFILE = new Errno(24);
  public static final Errno ENOSPC = new Errno(28);
  public static final Errno ERANGE = new Errno(34);
  public static final Errno ENOSYS = new Errno(38);
  public static final Errno EOPNOTSUPP = new Errno(95);

  /** The kernel's own (include/linux/errno.h), unknown to the C library; bpf(2) lets it out. */
  public static final Errno ENOTSUPP = new Errno(524);

  /** The C library's sentence for it, for example "Operation not permitted". */
  public String text() {
    return CString.strerror(value);
  }

  @Override
  public String toString() {
    return text() + " (errno " + value + ")";
  }
}
