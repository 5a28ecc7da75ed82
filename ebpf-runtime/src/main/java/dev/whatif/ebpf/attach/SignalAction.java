package dev.whatif.ebpf.attach;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * {@code struct kernel_sigaction} on x86-64 (include/linux/signal_types.h): what rt_sigaction(2)
 * itself takes, not the C library's struct.
 *
 * <pre>
 *   0            8         16           24        32
 *  +------------+---------+------------+---------+
 *  | handler    | flags   | restorer   | mask    |
 *  +------------+---------+------------+---------+
 * </pre>
 *
 * @param handler 0: the default action, 1: ignored
 * @param flags SA_*
 * @param restorer where the handler returns to; the kernel demands it on x86-64
 * @param mask signals blocked while it runs
 */
record SignalAction(long handler, long flags, long restorer, long mask) {

  static final int BYTES = 32;

  static final long SA_SIGINFO = 0x4;
  static final long SA_RESTORER = 0x0400_0000;
  static final long SA_ONSTACK = 0x0800_0000;
  static final long SA_RESTART = 0x1000_0000;

  static final SignalAction DEFAULT = new SignalAction(0, 0, 0, 0);

  /** Setting it also throws away what is pending (POSIX, sigaction). */
  static final SignalAction IGNORE = new SignalAction(1, 0, 0, 0);

  /** The action for code of ours, with everything blocked while it runs. */
  static SignalAction of(long handler, long restorer) {
    return new SignalAction(
        handler, SA_SIGINFO | SA_RESTORER | SA_ONSTACK | SA_RESTART, restorer, -1L);
  }

  byte[] bytes() {
    return ByteBuffer.allocate(BYTES)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(handler)
        .putLong(flags)
        .putLong(restorer)
        .putLong(mask)
        .array();
  }

  static SignalAction of(byte[] struct) {
    ByteBuffer b = ByteBuffer.wrap(struct).order(ByteOrder.LITTLE_ENDIAN);
    return new SignalAction(b.getLong(), b.getLong(), b.getLong(), b.getLong());
  }

  /** Sets the action of a signal in the target; returns the one before. */
  SignalAction exchange(RemoteCalls calls, Arguments arguments, int signal) {
    arguments.write(0, bytes());
    calls.must(RemoteCall.signalAction(signal, arguments.address(0), arguments.address(BYTES)));
    return of(arguments.read(BYTES, BYTES));
  }

  /** The action of a signal in the target. */
  static SignalAction query(RemoteCalls calls, Arguments arguments, int signal) {
    calls.must(RemoteCall.signalAction(signal, 0, arguments.address(BYTES)));
    return of(arguments.read(BYTES, BYTES));
  }
}
