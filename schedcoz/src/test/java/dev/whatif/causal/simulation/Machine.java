package dev.whatif.causal.simulation;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.Random;

/**
 * Simulates a program on some CPUs with one first-in-first-out run queue, microsecond by
 * microsecond, with or without virtual speedup of its region.
 *
 * <p>Debts are enforced as the signal backend does it: a sample, taken of each CPU every so often,
 * that finds a thread in debt sends it to sleep for the debt; it oversleeps a little. A thread that
 * blocks needs some time to leave its CPU, in which it may be woken already.
 */
final class Machine {

  private static final int SLICE = 1_000;
  private static final int QUANTUM = 50;
  private static final int OVERSLEEP = 30;
  private static final int LONGEST_LEAVE = 20;
  private static final int GIVEN_UP = 10_000_000;

  private final int samplePeriod;
  private final double realFactor;
  private final Ledger ledger;
  private final Random random;
  private final Task[] running;
  private final Ledger.Place[] places;
  private final Deque<Task> queue = new ArrayDeque<>();
  private final PriorityQueue<Task> timers =
      new PriorityQueue<>((a, b) -> Integer.compare(a.until, b.until));
  private final Map<String, Deque<Task>> waiting = new HashMap<>();
  private final Map<String, Task> owners = new HashMap<>();
  private final Map<String, Integer> counts = new HashMap<>();
  private int alive;
  private int now;

  /**
   * What came out.
   *
   * @param micros virtual time until the last thread was done
   * @param overtaken wakes that came before their sleeper had left its CPU
   * @param largestDebt at any switch
   */
  record Outcome(double micros, int overtaken, double largestDebt) {}

  private static final class Task {
    final Ledger.Account account = new Ledger.Account();
    final List<Op> ops;
    int next;
    double left;
    boolean inRegion;
    boolean blocked;
    boolean leaving;
    boolean paying;
    int until;
    int since;
    int slice;
    int queuedAt;

    Task(List<Op> ops) {
      this.ops = ops;
    }
  }

  private Machine(TaskGraph graph, int cpus, double virtual, double factor, int period, long seed) {
    samplePeriod = period;
    realFactor = factor;
    ledger = new Ledger(virtual, OVERSLEEP);
    random = new Random(seed);
    running = new Task[cpus];
    places = new Ledger.Place[cpus];
    for (int cpu = 0; cpu < cpus; cpu++) {
      places[cpu] = new Ledger.Place();
    }
    for (List<Op> ops : graph.threads()) {
      Task task = new Task(ops);
      queue.add(task);
      alive++;
    }
  }

  /** The region really takes only 1 - speedup of its time. */
  static Outcome really(TaskGraph graph, int cpus, double speedup) {
    return new Machine(graph, cpus, 0, 1 - speedup, 1_000, 1).run();
  }

  /** It is made faster virtually. */
  static Outcome virtually(TaskGraph graph, int cpus, double speedup, int samplePeriod) {
    return new Machine(graph, cpus, speedup, 1, samplePeriod, 1).run();
  }

  private Outcome run() {
    double end = 0;
    while (alive > 0) {
      expire();
      for (int cpu = 0; cpu < running.length; cpu++) {
        dispatch(cpu);
      }
      for (int cpu = 0; cpu < running.length; cpu++) {
        end = Math.max(end, advance(cpu));
      }
      now++;
      for (int cpu = 0; cpu < running.length; cpu++) {
        afterwards(cpu);
      }
      if (now > GIVEN_UP) {
        throw new IllegalStateException("the simulated program is stuck");
      }
    }
    return new Outcome(end, ledger.overtaken, ledger.largestDebt);
  }

  private void expire() {
    while (!timers.isEmpty() && timers.peek().until <= now) {
      Task task = timers.remove();
      if (task.paying) {
        ledger.slept(task.account, task.until - task.since);
        task.paying = false;
      } else {
        ledger.wokenFromOutside(task.account);
      }
      enqueue(task);
    }
  }

  private void enqueue(Task task) {
    task.blocked = false;
    task.queuedAt = now;
    queue.add(task);
  }

  private void dispatch(int cpu) {
    Task task = running[cpu] == null ? queue.poll() : null;
    if (task != null) {
      running[cpu] = task;
      task.slice = SLICE;
      ledger.switchedIn(task.account, places[cpu], task.queuedAt, crowded(), now);
    }
  }

  private boolean crowded() {
    long busy = Arrays.stream(running).filter(Objects::nonNull).count();
    long paying = timers.stream().filter(task -> task.paying).count();
    return busy + paying + queue.size() > running.length;
  }

  /** Does what takes no time, until something that does; returns the virtual end, if it ends. */
  private double advance(int cpu) {
    Task task = running[cpu];
    while (task != null && !task.leaving && task.left <= 0) {
      if (task.next == task.ops.size()) {
        alive--;
        switchOut(task, cpu);
        return ledger.virtual(task.account, now);
      }
      switch (task.ops.get(task.next++)) {
        case Op.Run run -> {
          task.left = run.micros() * (run.region() ? realFactor : 1);
          task.inRegion = run.region();
        }
        case Op.Lock lock -> {
          if (owners.putIfAbsent(lock.name(), task) != null) {
            block(task, lock.name());
          }
        }
        case Op.Unlock lock -> {
          Task heir = waiters(lock.name()).poll();
          owners.remove(lock.name());
          if (heir != null) {
            owners.put(lock.name(), heir);
            wake(heir, task);
          }
        }
        case Op.Post post -> {
          Task waiter = waiters(post.name()).poll();
          if (waiter != null) {
            wake(waiter, task);
          } else {
            counts.merge(post.name(), 1, Integer::sum);
          }
        }
        case Op.Await await -> {
          if (counts.merge(await.name(), -1, Integer::sum) < 0) {
            counts.put(await.name(), 0);
            block(task, await.name());
          }
        }
        case Op.Io io -> {
          switchOut(task, cpu);
          task.blocked = true;
          task.until = now + io.micros();
          timers.add(task);
          return 0;
        }
      }
    }
    return 0;
  }

  private Deque<Task> waiters(String name) {
    return waiting.computeIfAbsent(name, key -> new ArrayDeque<>());
  }

  private void block(Task task, String on) {
    waiters(on).add(task);
    task.blocked = true;
    task.leaving = true;
    task.until = now + random.nextInt(LONGEST_LEAVE);
  }

  private void wake(Task sleeper, Task by) {
    ledger.woken(sleeper.account, by.account, now, !sleeper.leaving);
    if (sleeper.leaving) {
      sleeper.blocked = false;
    } else {
      enqueue(sleeper);
    }
  }

  private void switchOut(Task task, int cpu) {
    running[cpu] = null;
    ledger.switchedOut(task.account, places[cpu], now);
  }

  /** A microsecond has passed on this CPU. */
  private void afterwards(int cpu) {
    Task task = running[cpu];
    if (task == null) {
      return;
    }
    if (task.leaving) {
      if (now > task.until) {
        task.leaving = false;
        switchOut(task, cpu);
        if (!task.blocked) {
          enqueue(task);
        }
      }
      return;
    }
    task.left--;
    if (task.inRegion) {
      ledger.ranInRegion(task.account, 1);
    }
    boolean sampled = (now + cpu * samplePeriod / running.length) % samplePeriod == 0;
    double debt = ledger.debt(task.account);
    if (sampled && debt >= QUANTUM) {
      switchOut(task, cpu);
      task.paying = true;
      task.since = now;
      task.until = now + (int) Math.ceil(debt) + random.nextInt(OVERSLEEP);
      timers.add(task);
    } else if (--task.slice <= 0 && !queue.isEmpty()) {
      switchOut(task, cpu);
      enqueue(task);
    }
  }
}
