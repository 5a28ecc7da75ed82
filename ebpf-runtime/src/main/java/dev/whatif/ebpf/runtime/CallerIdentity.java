package dev.whatif.ebpf.runtime;

import dev.whatif.core.linux.Errno;
import dev.whatif.core.linux.Time;
import dev.whatif.core.linux.Unistd;
import dev.whatif.core.process.ProcTasks;
import dev.whatif.ebpf.interpreter.Execution;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Who a program runs for, as its helpers tell it, and what time it is there.
 *
 * @param pidTgid the process in the upper half, the thread in the lower
 * @param uidGid the group in the upper half, the user in the lower
 * @param name of the thread
 * @param cpu that it runs on
 * @param functionIp the function at which the program was attached, 0 for none
 * @param cookie of the attachment
 */
public record CallerIdentity(
    long pidTgid, long uidGid, String name, int cpu, long functionIp, long cookie) {

  /** CLOCK_BOOTTIME (include/uapi/linux/time.h): does not stop while the machine sleeps. */
  private static final int CLOCK_BOOTTIME = 7;

  /** TASK_COMM_LEN, with the byte that ends it. */
  private static final int COMM_BYTES = 16;

  /** The calling thread. */
  public static CallerIdentity ofThisThread() {
    int tid = ProcTasks.self();
    String name = ProcTasks.name(Unistd.getpid(), tid).orElse("");
    // the real ones, as bpf_get_current_uid_gid does
    long user = (long) Unistd.getgid() << 32 | Integer.toUnsignedLong(Unistd.getuid());
    return new CallerIdentity((long) Unistd.getpid() << 32 | tid, user, name, 0, 0, 0);
  }

  static long monotonicNanos() {
    return Time.clockNanos(Time.CLOCK_MONOTONIC);
  }

  static long bootNanos() {
    return Time.clockNanos(CLOCK_BOOTTIME);
  }

  static long random() {
    return Integer.toUnsignedLong(ThreadLocalRandom.current().nextInt());
  }

  /** bpf_get_current_comm: as much as there is room for, ended by 0. */
  long comm(Execution e) {
    long bytes = e.argument(2) & 0xffff_ffffL;
    if (bytes == 0) {
      return -Errno.EINVAL.value();
    }
    MemorySegment into = e.write(e.argument(1), bytes);
    into.fill((byte) 0);
    byte[] text = name.getBytes(StandardCharsets.UTF_8);
    int length = (int) Math.min(Math.min(text.length, COMM_BYTES - 1), bytes - 1);
    MemorySegment.copy(text, 0, into, ValueLayout.JAVA_BYTE, 0, length);
    return 0;
  }
}
