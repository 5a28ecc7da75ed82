package dev.whatif.core.process;

import dev.whatif.core.failure.TargetLostException;
import dev.whatif.core.failure.UnavailableException;
import dev.whatif.core.linux.Errno;
import dev.whatif.core.linux.LinuxException;
import java.io.File;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One stop of a process: catching its threads, what is done to them, letting them go. Confined to
 * the tracer's thread.
 */
final class Stop implements Stopped, AutoCloseable {

  private final int pid;
  private final SortedMap<Integer, Tracee> tracees = new TreeMap<>();
  private List<StoppedThread> threads = List.of();
  private @Nullable TargetMemory memory;
  private long firstNanos;

  Stop(int pid) {
    this.pid = pid;
  }

  /**
   * Stops every thread: asks all, then waits for all, until the list of threads has nothing new.
   *
   * @return the threads that did not stop in time; empty when everything stands still
   * @throws TargetLostException when no thread is left
   * @throws UnavailableException when it may not be traced
   */
  List<Integer> catchAll(Duration limit) {
    Patience patience = new Patience(limit);
    int quiet = 0;
    while (quiet < 2) {
      if (interruptNew() == 0) {
        quiet++;
      } else {
        quiet = 0;
        List<Integer> running = waitForAll(patience);
        if (!running.isEmpty()) {
          return running;
        }
      }
    }
    memory = TargetMemory.open(pid);
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
    for (String name : names) {
      int tid = Integer.parseInt(name);
      if (!tracees.containsKey(tid) && interrupt(tid)) {
        found++;
      }
    }
    return found;
  }

  private boolean interrupt(int tid) {
    try {
      tracees.put(tid, Tracee.interrupt(pid, tid));
      return true;
    } catch (LinuxException e) {
      Requests.passed();
      Optional<ProcStat> stat = ProcStat.of(tid);
      if (e.is(Errno.ESRCH) || stat.isEmpty() || !stat.get().alive()) {
        return false; // it has ended, or is a leader that has ended before its threads
      }
      throw TraceRefusal.of(pid, e);
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
   * @return whether any is still ours
   */
  boolean release() {
    tracees.values().forEach(Tracee::release);
    threads = List.of();
    return tracees.values().stream().anyMatch(t -> t.state() == Tracee.State.RUNNING);
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
