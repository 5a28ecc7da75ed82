package dev.whatif.core.sample;

import dev.whatif.core.failure.WhatifException;
import dev.whatif.core.linux.Errno;
import dev.whatif.core.linux.LinuxException;
import dev.whatif.core.linux.PerfEvent;
import dev.whatif.core.linux.PerfEventAttr;
import dev.whatif.core.linux.PerfEventAttr.Flag;
import dev.whatif.core.linux.Unistd;
import dev.whatif.core.process.ProcTasks;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntPredicate;

/**
 * The events of every thread that was there when it was attached, one per CPU (an inherited event
 * can write to a shared ring only when it is bound to a CPU); threads and children born later
 * inherit them and need no descriptor.
 *
 * <p>Thread-safe.
 */
final class ThreadEvents implements AutoCloseable {

  private static final int MOST_ROUNDS = 20;

  private final PerfEventAttr attr;
  private final int[] cpus;
  private final PerfRings rings;
  private final boolean countsLost;
  private final Set<Integer> attached = new HashSet<>();
  private int[] descriptors = new int[64];
  private int used;

  /**
   * No events yet.
   *
   * @param attr of every event; its kernel flags are cleared when the kernel refuses them
   */
  ThreadEvents(PerfEventAttr attr, int[] cpus, PerfRings rings, boolean countsLost) {
    this.attr = attr;
    this.cpus = cpus.clone();
    this.rings = rings;
    this.countsLost = countsLost;
  }

  /**
   * Watches all threads of a process. Between two looks at {@code /proc/PID/task} threads may be
   * born: of watched threads, then they have inherited, and of threads not watched yet.
   *
   * @param inherited whether a fork record says that a watched thread has made this one; asked a
   *     moment after the thread was seen
   * @param enable whether to start at once; otherwise an exec will
   * @return whether any thread could be watched; false when the process is gone
   * @throws WhatifException when it is not permitted
   */
  synchronized boolean attach(int pid, IntPredicate inherited, boolean enable) {
    boolean any = false;
    for (int round = 0; round < MOST_ROUNDS; round++) {
      List<Integer> news =
          ProcTasks.threads(pid).stream().filter(tid -> !attached.contains(tid)).toList();
      if (news.isEmpty()) {
        break;
      }
      OpenFiles.require(
          used + (long) news.size() * cpus.length,
          news.size() + used / cpus.length + " threads on " + cpus.length + " CPUs");
      for (int tid : news) {
        attached.add(tid);
        if (round == 0 || !inherited.test(tid)) {
          any |= attachThread(pid, tid, enable);
        }
      }
    }
    return any;
  }

  /** Whether a thread has its own events or was found to have inherited them. */
  synchronized boolean knows(int tid) {
    return attached.contains(tid);
  }

  /** Threads that have events of their own. */
  synchronized int threads() {
    return used / cpus.length;
  }

  private boolean attachThread(int pid, int tid, boolean enable) {
    int first = used;
    try {
      for (int i = 0; i < cpus.length; i++) {
        int fd = PerfEvent.open(attr, tid, cpus[i]);
        add(fd);
        PerfEvent.setOutput(fd, rings.owner(i));
      }
      for (int i = first; enable && i < used; i++) {
        PerfEvent.enable(descriptors[i]);
      }
      return true;
    } catch (LinuxException e) {
      while (used > first) {
        Unistd.close(descriptors[--used]);
      }
      if (e.is(Errno.ESRCH)) {
        return false; // it has ended meanwhile
      }
      throw Permission.process(pid, e);
    }
  }

  private void add(int fd) {
    if (used == descriptors.length) {
      descriptors = java.util.Arrays.copyOf(descriptors, used * 2);
    }
    descriptors[used++] = fd;
  }

  /** Stops all of them, in every thread that has inherited. */
  synchronized void disable() {
    for (int i = 0; i < used; i++) {
      PerfEvent.disable(descriptors[i]);
    }
  }

  /** CPU time and lost records of everything watched, ended threads included. */
  synchronized PerfEvent.Count total() {
    long nanos = 0;
    long lost = 0;
    for (int i = 0; i < used; i++) {
      PerfEvent.Count count = PerfEvent.read(descriptors[i], countsLost);
      nanos += count.value();
      lost += Math.max(0, count.lost());
    }
    return new PerfEvent.Count(nanos, countsLost ? lost : -1);
  }

  /** Whether an attribute opens on this process itself: what the kernel allows and knows. */
  static boolean accepted(PerfEventAttr attr) {
    try {
      Unistd.close(PerfEvent.open(attr.with(Flag.DISABLED), Unistd.getpid(), 0));
      return true;
    } catch (LinuxException e) {
      return false;
    }
  }

  @Override
  public synchronized void close() {
    while (used > 0) {
      Unistd.close(descriptors[--used]);
    }
  }
}
