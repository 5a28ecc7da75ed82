package dev.whatif.causal.simulation;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The accounting of debts, rule by rule as the kernel side keeps it, with its invariants checked at
 * each event. Times are microseconds.
 *
 * <p>{@code frozen} is G, for how long the world should have stood still; {@code paid} of an
 * account is L, the part of it that the thread has really lost.
 */
final class Ledger {

  private static final double ROUNDING = 1e-6;

  private final double speedup;
  private final double longestOversleep;
  private double frozen;

  /** Events in which a wake came before its sleeper had left the CPU. */
  int overtaken;

  double largestDebt;

  Ledger(double speedup, double longestOversleep) {
    this.speedup = speedup;
    this.longestOversleep = longestOversleep;
  }

  /** What is known of a thread. */
  static final class Account {
    private double paid;
    private double leftAt;
    private double leftPaid;
    private double wakerPaid = Double.NaN;
    private double wakerAt;
    private double latest = Double.NEGATIVE_INFINITY;
  }

  /** What is known of a CPU: who left it when. */
  static final class Place {
    private double leftAt;
    private double leftPaid;
  }

  double debt(Account thread) {
    return frozen - thread.paid;
  }

  double virtual(Account thread, double now) {
    return now - thread.paid;
  }

  /** The thread ran in the region: the world should have stood still, the thread itself did. */
  void ranInRegion(Account thread, double micros) {
    double before = debt(thread);
    frozen += speedup * micros;
    thread.paid += speedup * micros;
    assertThat(Math.abs(debt(thread) - before)).as("own share").isLessThan(ROUNDING);
  }

  void switchedOut(Account thread, Place cpu, double now) {
    check(thread, now);
    thread.leftAt = now;
    thread.leftPaid = thread.paid;
    cpu.leftAt = now;
    cpu.leftPaid = thread.paid;
  }

  /** A thread in scope wakes another; the sleeper may still be on its way to sleep. */
  void woken(Account sleeper, Account waker, double now, boolean asleep) {
    sleeper.wakerPaid = waker.paid;
    sleeper.wakerAt = now;
    overtaken += asleep ? 0 : 1;
  }

  /** A device or a timer wakes it: the debts of that time are owed. */
  void wokenFromOutside(Account sleeper) {
    sleeper.wakerPaid = Double.NaN;
  }

  /** It slept to pay; what it slept too long is its credit. */
  void slept(Account sleeper, double micros) {
    sleeper.wakerPaid = Double.NaN;
    sleeper.leftPaid += micros;
    sleeper.leftAt += micros;
  }

  /**
   * It gets a CPU. Nothing happens before what causes it, in virtual time: not before the wake, and
   * not before the CPU was left, if it waited for that. Waiting pays debts, but makes no credit.
   *
   * <p>Whether it waited is asked of the frozen world, where a thread that pays its debts still has
   * its CPU. A thread that finds a CPU idle only because its user is paying would else use it a
   * second time (predictions up to 16 points too high in these simulations); and a thread that
   * never waits must not be held to what a debtor left behind on an idle CPU (31 points too low).
   *
   * @param queuedAt when it began to wait for a CPU
   * @param crowded whether more threads run, wait for a CPU or pay than there are CPUs
   */
  void switchedIn(Account thread, Place cpu, double queuedAt, boolean crowded, double now) {
    double ready = thread.leftPaid;
    double cause = Double.NEGATIVE_INFINITY;
    if (!Double.isNaN(thread.wakerPaid)) {
      cause = thread.wakerAt - thread.wakerPaid;
      double at = Math.max(thread.wakerAt, thread.leftAt);
      ready = at - Math.max(cause, thread.leftAt - thread.leftPaid);
      thread.wakerPaid = Double.NaN;
    }
    boolean waited = crowded || cpu.leftAt > queuedAt;
    double free = waited ? cpu.leftAt - cpu.leftPaid : Double.NEGATIVE_INFINITY;
    double start = Math.max(queuedAt - ready, free);
    thread.paid = Math.min(now - start, Math.max(frozen, ready));
    assertThat(virtual(thread, now)).as("after its cause").isGreaterThan(cause - ROUNDING);
    check(thread, now);
  }

  private void check(Account thread, double now) {
    assertThat(virtual(thread, now)).as("time of a thread").isGreaterThan(thread.latest - ROUNDING);
    assertThat(thread.paid).as("paid").isLessThan(frozen + longestOversleep + ROUNDING);
    thread.latest = virtual(thread, now);
    largestDebt = Math.max(largestDebt, debt(thread));
  }
}
