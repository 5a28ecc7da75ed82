package dev.whatif.core.sample;

import dev.whatif.core.failure.TargetLostException;
import dev.whatif.core.failure.WhatifException;
import dev.whatif.core.linux.LinuxException;
import dev.whatif.core.linux.Pidfd;
import dev.whatif.core.process.Target;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/**
 * Attaches to the processes of a target: all at the start, and those that join later where a target
 * is open to that. Confined to the drain thread.
 */
final class TargetFollower {

  /** A thread can be seen in /proc this long before its fork record is in the ring. */
  private static final long SETTLE_NANOS = 2_000_000;

  private static final int MOST_ROUNDS = 10;

  private final Target target;
  private final ThreadEvents events;
  private final RingDrain drain;
  private final PollSet poll;
  private final Set<Integer> seen = new HashSet<>();

  TargetFollower(Target target, ThreadEvents events, RingDrain drain, PollSet poll) {
    this.target = target;
    this.events = events;
    this.drain = drain;
    this.poll = poll;
  }

  /**
   * Attaches to everything that is there.
   *
   * @throws TargetLostException when nothing is there any more
   * @throws WhatifException when it is not permitted
   */
  void attachAll() {
    boolean any = false;
    for (int round = 0; round < MOST_ROUNDS; round++) {
      boolean news = false;
      for (int pid : target.processes()) {
        if (seen.add(pid)) {
          news = true;
          any |= attach(pid);
        }
      }
      if (!news) {
        break;
      }
    }
    if (!any) {
      throw new TargetLostException(
          target.name() + " (pid " + target.leader() + ") ended before it could be sampled");
    }
  }

  /** Attaches to what has joined; what cannot be watched is left out. */
  void attachNew() {
    for (int pid : target.processes()) {
      if (seen.add(pid)) {
        try {
          attach(pid);
        } catch (WhatifException e) {
          drain.apply(ProcessRecords.present(pid)); // named, and without samples
        }
      }
    }
  }

  /** Whether nothing that was attached is left, and nothing new has come. */
  boolean ended() {
    return poll.alive() == 0 && target.processes().isEmpty();
  }

  private boolean attach(int pid) {
    settle();
    if (drain.wasBorn(pid)) {
      return true; // forked by a watched process: it has inherited
    }
    int pidfd;
    try {
      pidfd = Pidfd.open(pid);
    } catch (LinuxException e) {
      return false; // gone
    }
    poll.addProcess(pidfd);
    drain.appeared(ProcessRecords.present(pid));
    boolean held = target instanceof Target.Launched;
    boolean any = events.attach(pid, this::inherited, !held);
    drain.addUntold(pid);
    return any;
  }

  private boolean inherited(int tid) {
    settle();
    return drain.wasBorn(tid);
  }

  private void settle() {
    LockSupport.parkNanos(SETTLE_NANOS);
    drain.passAll();
  }
}
