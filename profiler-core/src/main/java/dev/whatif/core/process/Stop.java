package dev.whatif.core.process;

import dev.whatif.core.failure.TargetLostException;
import dev.whatif.core.failure.UnavailableException;
import dev.whatif.core.failure.WhatifException;
import dev.whatif.core.linux.Errno;
import dev.whatif.core.linux.LinuxException;
import dev.whatif.core.linux.WaitId;
import java.io.File;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One stop of a process: catching its threads, what is done to them, letting them go. Confined to
 * the tracer's thread.
 */
final class Stop implements Stopped, AutoCloseable {

  /**
   * So long a refusal is not believed: a thread of ours that traced the target may be ending, or
   * the number may be passing from a leader to a thread that executes another program.
   */
  private static final Duration HAND_OVER = Duration.ofMillis(20);

  /** On a machine with ten runnable threads a CPU, a thread may wait so long for its turn. */
  private static final Duration STRAGGLING = Duration.ofSeconds(1);

  /** So long a thread in state D is waited for: it may only have met a page or a lock. */
  private static final Duration HESITATION = Duration.ofMillis(20);

  private final int pid;
  private final SortedMap<Integer, Tracee> tracees = new TreeMap<>();
  private List<StoppedThread> threads = List.of();
  private @Nullable TargetMemory memory;
  private long firstNanos;
  private int refused;
  private Optional<WhatifException> refusal = Optional.empty();
  private final Set<Integer> seized = ConcurrentHashMap.newKeySet();
  private final Set<Integer> parents;
  private final Comparator<Integer> order;

  Stop(int pid) {
    this.pid = pid;
    this.parents = ProcTasks.parents(pid);
    this.order = Comparator.comparing(this::isAddressed).thenComparing(Comparator.naturalOrder());
  }

  /** Whether signals of the whole process may be addressed to it: by kill, or a child's end. */
  private boolean isAddressed(int tid) {
    return tid == pid || parents.contains(tid);
  }

  /**
   * Stops every thread: asks all, then waits for all, until the list of threads has nothing new.
   *
   * <p>Those to which signals of the whole process are addressed come last, and are let go first:
   * the leader, and threads that have children. A signal that the program ignores is not even
   * queued, except for a traced thread (kernel/signal.c, sig_ignored); and queued for the process
   * it throws any of its threads out of a call, which then says EINTR without passing a stop.
   *
   * @return the threads that did not stop in time; empty when everything stands still
   * @throws TargetLostException when no thread is left
   * @throws UnavailableException when it runs 32-bit code
   */
  List<Integer> catchAll(Duration limit) {
    Patience patience = new Patience(limit);
    int quiet = 0;
    while (quiet < 2) {
      int found = interruptNew();
      if (refused != 0) {
        return List.of(refused);
      }
      if (found == 0) {
        quiet++;
      } else {
        quiet = 0;
        List<Integer> running = waitForAll(patience);
        if (!running.isEmpty()) {
          return running;
        }
      }
    }
    List<StoppedThread> caught = new ArrayList<>(tracees.size());
    for (Tracee t : tracees.values()) {
      if (t.isStopped()) {
        caught.add(new StoppedThread(this, t));
      }
    }
    threads = List.copyOf(caught);
    if (threads.stream().anyMatch(t -> !t.registers().is64Bit())) {
      throw TraceRefusal.not64Bit(pid);
    }
    if (threads.isEmpty()) {
      throw new TargetLostException("process " + pid + " has ended");
    }
    memory = TargetMemory.open(pid, threads.getFirst().tid());
    return List.of();
  }

  private int interruptNew() {
    String @Nullable [] names = new File("/proc/" + pid + "/task").list();
    if (names == null) {
      throw new TargetLostException("process " + pid + " has ended");
    }
    if (firstNanos == 0) {
      firstNanos = System.nanoTime();
    }
    int found = 0;
    for (int tid : Arrays.stream(names).map(Integer::valueOf).sorted(order).toList()) {
      // A number may be another thread's by now: exec gives the leader's to the thread that called
      // it.
      Tracee known = tracees.get(tid);
      if ((known == null || known.state() == Tracee.State.GONE) && interrupt(tid)) {
        found++;
      }
    }
    return found;
  }

  private boolean interrupt(int tid) {
    Patience patience = new Patience(HAND_OVER);
    while (true) {
      try {
        seized.add(tid);
        tracees.put(tid, Tracee.interrupt(pid, tid));
        return true;
      } catch (LinuxException e) {
        Requests.passed();
        Optional<ProcStat> stat = ProcStat.of(tid);
        if (e.is(Errno.ESRCH) || stat.isEmpty() || !stat.get().alive()) {
          return false; // it has ended, or is a leader that has ended before its threads
        }
        Optional<Tracee> adopted = Tracee.adopt(pid, tid);
        if (adopted.isPresent()) {
          tracees.put(tid, adopted.get());
          return true;
        }
        if (!patience.goOn()) {
          refused = tid;
          refusal = Optional.of(TraceRefusal.of(pid, e));
          return false;
        }
      }
    }
  }

  private List<Integer> waitForAll(Patience patience) {
    while (true) {
      List<Integer> running = new ArrayList<>();
      for (Tracee t : tracees.values()) {
        t.look();
        if (t.state() == Tracee.State.RUNNING) {
          running.add(t.tid());
        }
      }
      if (running.isEmpty() || !patience.goOn()) {
        return running;
      }
    }
  }

  /** Why a thread could not be seized: for good, or because it is ending or executes a program. */
  Optional<WhatifException> refusal() {
    return refusal;
  }

  /**
   * Takes the reports of ended threads, from another thread: one that executes another program
   * holds a lock until its traced siblings have been reaped (fs/exec.c, de_thread), and a SEIZE of
   * the tracer waits for that lock (cred_guard_mutex).
   */
  void reapEnded() {
    for (int tid : seized) {
      if (tid != pid && WaitId.peek(tid).state() == WaitId.State.ENDED) {
        WaitId.reap(tid);
      }
    }
  }

  @Override
  public int pid() {
    return pid;
  }

  @Override
  public List<StoppedThread> threads() {
    return threads;
  }

  @Override
  public void read(long address, byte[] into) {
    memory().read(address, into);
  }

  @Override
  public void write(long address, byte[] bytes) {
    int tid =
        threads.stream()
            .filter(t -> t.tracee().isStopped())
            .mapToInt(StoppedThread::tid)
            .findFirst()
            .orElse(pid);
    memory().write(tid, address, bytes);
  }

  private TargetMemory memory() {
    TargetMemory m = memory;
    if (m == null) {
      throw new IllegalStateException("the stop is over");
    }
    return m;
  }

  @Override
  public Duration stoppedFor() {
    return Duration.ofNanos(firstNanos == 0 ? 0 : System.nanoTime() - firstNanos);
  }

  /**
   * Lets everybody go. Threads that have not stopped cannot be let go: they are free when the
   * tracer's thread ends.
   *
   * @return whether the tracer's thread must end
   */
  boolean release() {
    threads = List.of();
    Patience patience = new Patience(STRAGGLING);
    List<Tracee> all =
        tracees.values().stream()
            .sorted(Comparator.comparing(Tracee::tid, order.reversed()))
            .toList();
    await(all.stream().filter(t -> isAddressed(t.tid())).toList(), Tracee::look, patience);
    all.forEach(Tracee::release);
    await(
        all,
        t -> {
          t.look();
          t.release();
        },
        patience);
    return all.stream().anyMatch(Tracee::isDangling);
  }

  /**
   * Waits for those that were asked to stop and have not yet: such a thread may already have been
   * thrown out of its call, and only at its stop can it be given back (else it sees EINTR). One
   * that cannot be interrupted where it is (state D: a parent in vfork, a disk) loses nothing.
   */
  private static void await(List<Tracee> tracees, Consumer<Tracee> look, Patience patience) {
    boolean expected;
    do {
      expected = false;
      for (Tracee t : tracees) {
        look.accept(t);
        expected |= t.state() == Tracee.State.RUNNING && mayStop(t.tid(), patience);
      }
    } while (expected && patience.goOn());
  }

  private static boolean mayStop(int tid, Patience patience) {
    return patience.waited().compareTo(HESITATION) < 0
        || ProcStat.of(tid).filter(s -> s.state() != 'D').isPresent();
  }

  @Override
  public void close() {
    TargetMemory m = memory;
    memory = null;
    if (m != null) {
      m.close();
    }
  }

  @Override
  public String toString() {
    return "stop of process " + pid + " " + Arrays.toString(tracees.keySet().toArray());
  }
}
