package dev.whatif.causal.session;

import dev.whatif.causal.account.Accounting;
import dev.whatif.core.linux.Unistd;
import dev.whatif.core.process.Target;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Keeps in scope who belongs to the target. For one thread. */
final class Membership {

  private final Accounting accounting;
  private final Target target;
  private final Set<Integer> known = new HashSet<>();

  Membership(Accounting accounting, Target target) {
    this.accounting = accounting;
    this.target = target;
  }

  /**
   * Takes in who has come since the last call. Children of those in scope are in scope by birth;
   * this is for the beginning, and for processes that move into a control group.
   *
   * @return the processes of the target
   */
  List<Integer> follow() {
    List<Integer> processes = target.processes();
    known.retainAll(processes);
    for (int pid : processes) {
      if (pid != Unistd.getpid() && known.add(pid)) {
        accounting.admit(pid);
      }
    }
    return processes;
  }
}
