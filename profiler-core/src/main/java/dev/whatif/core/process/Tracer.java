package dev.whatif.core.process;

import dev.whatif.core.failure.TargetLostException;
import dev.whatif.core.failure.UnavailableException;
import dev.whatif.core.failure.WhatifException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The only owner of ptrace for a process, and the only way to its registers.
 *
 * <p>Nothing is attached between two stops: threads are seized when they are stopped and let go
 * afterwards, so that the target runs at full speed, its parent sees its own children, and a
 * debugger may come in between. Thread-safe: stops happen one after the other, on a daemon platform
 * thread of the tracer's own, because the kernel ties a tracee to one thread.
 *
 * <p>What the target does not notice: stops and their length apart, nothing. Signals that arrive
 * are passed on, group-stopped programs (Ctrl-Z) stay stopped, and calls that the stop has
 * interrupted go on. One thing cannot be kept: a call with a relative timeout that gives EINTR
 * (epoll_wait, recv with SO_RCVTIMEO, semtimedop, sigtimedwait) starts its timeout anew, so that
 * stops which follow each other faster than that put it off for ever.
 *
 * <p>Not excluded, within the microseconds in which some threads are stopped and others not: a
 * spurious EINTR when a child ends whose parent is one of several threads with children, or when a
 * thread was born during the stop, and the program ignores the signal that comes then.
 */
public final class Tracer implements AutoCloseable {

  /** How long the threads have to stop; each further attempt has more. */
  private static final List<Duration> LIMITS =
      List.of(
          Duration.ofMillis(50),
          Duration.ofMillis(100),
          Duration.ofMillis(200),
          Duration.ofMillis(400));

  /** Between two attempts, so that a child of vfork or a disk can finish. */
  private static final long PAUSE_NANOS = 20_000_000;

  private final int pid;
  private final TracerThread thread;
  private Duration lastStop = Duration.ZERO;
  private volatile @Nullable Stop current;

  private Tracer(int pid) {
    this.pid = pid;
    this.thread = new TracerThread("whatif-tracer-" + pid);
  }

  /**
   * A tracer for a process, which is not touched yet.
   *
   * @throws TargetLostException when there is no such process, or only its zombie
   * @throws dev.whatif.core.failure.UsageException when the number is a thread's
   * @throws UnavailableException when it cannot be traced: another tracer has it, it is whatif
   *     itself, runs 32-bit code, or is a kernel thread
   */
  public static Tracer of(int pid) {
    TraceRefusal.check(pid);
    Rehearsal.once();
    return new Tracer(pid);
  }

  /** One that rehearses nothing: for the rehearsal itself. */
  static Tracer unrehearsed(int pid) {
    return new Tracer(pid);
  }

  /** The process. */
  public int pid() {
    return pid;
  }

  /**
   * Stops all threads, does something, and lets all go again, whatever happens.
   *
   * @return what the action returned
   * @throws UnavailableException when it may not be traced, or a thread does not stop although it
   *     was tried several times: names the thread and where it is
   * @throws TargetLostException when the target has ended
   */
  public synchronized <T> T stopAll(Stopped.Action<T> action) {
    Optional<WhatifException> why = Optional.empty();
    for (Duration limit : LIMITS) {
      switch (thread.call(() -> attempt(limit, action), this::reapEnded)) {
        case Done<T>(T result) -> {
          return result;
        }
        case Stuck<T>(WhatifException reason) -> why = Optional.of(reason);
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
    throw why.orElseThrow();
  }

  private sealed interface Outcome<T> {}

  private record Done<T>(T result) implements Outcome<T> {}

  /** A thread did not stop, and nothing was done. */
  private record Stuck<T>(WhatifException reason) implements Outcome<T> {}

  private <T> Outcome<T> attempt(Duration limit, Stopped.Action<T> action) {
    try (Stop stop = new Stop(pid)) {
      boolean standing = false;
      current = stop;
      try {
        List<Integer> running = stop.catchAll(limit);
        standing = running.isEmpty();
        return running.isEmpty()
            ? new Done<>(action.run(stop))
            : new Stuck<>(stop.refusal().orElseGet(() -> stuck(running.getFirst())));
      } finally {
        current = null;
        if (stop.release() || !standing) {
          thread.retire();
        }
        lastStop = stop.stoppedFor();
      }
    }
  }

  /** What the caller's thread does while it waits. */
  private void reapEnded() {
    Stop stop = current;
    if (stop != null) {
      stop.reapEnded();
    }
  }

  /** How long the last stop took, from the first thread's request to the last one's release. */
  public synchronized Duration lastStop() {
    return lastStop;
  }

  private UnavailableException stuck(int tid) {
    String state = TaskStatus.of(pid, tid).map(s -> s.text("State")).orElse("gone");
    String where;
    try {
      where = Files.readString(Path.of("/proc/" + pid + "/task/" + tid + "/wchan"));
    } catch (java.io.IOException e) {
      where = "";
    }
    return new UnavailableException(
        "thread %d of process %d does not stop: it is in state %s%s"
            .formatted(
                tid, pid, state, where.isEmpty() || where.equals("0") ? "" : ", in " + where),
        "try again when it is done with that (a child of vfork, a disk, a network file system)");
  }

  /** Ends the tracer's thread. The target has been let go long before. */
  @Override
  public void close() {
    thread.close();
  }
}
