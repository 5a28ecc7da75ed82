package dev.whatif.ebpf.jit;

import dev.whatif.ebpf.isa.AluOperator;
import dev.whatif.ebpf.isa.Condition;
import dev.whatif.ebpf.isa.Immediate;
import dev.whatif.ebpf.isa.Instruction;
import dev.whatif.ebpf.isa.Register;
import dev.whatif.ebpf.isa.Width;
import org.jspecify.annotations.Nullable;

/**
 * A small innermost loop that is worth being emitted several times in a row, as C compilers do for
 * machines: they do not for BPF.
 *
 * @param head its first instruction
 * @param back the branch to it, its last
 * @param copies how often to emit it
 * @param endsWithLast whether it is known to end only where the last copy does
 */
record Loop(int head, int back, int copies, boolean endsWithLast) {

  private static final int MOST_INSTRUCTIONS = 24;
  private static final int MOST_OF_ALL = 64;
  private static final int COPIES = 4;

  /** Each copy of a branch is one that the machine has to learn to predict. */
  private static final int MOST_BRANCHES = 3;

  /** Tried for loops that run a number of times that is known. */
  private static final int[] DIVISORS = {4, 5, 3, 2};

  /**
   * The loop that begins at an instruction, or null.
   *
   * @param before what is known when it is entered from above
   */
  static @Nullable Loop at(Flow flow, int head, ValueBits before) {
    if (flow.jumpsTo(head) == 0) {
      return null;
    }
    int back = back(flow, head);
    if (back < 0 || !isSmallAndInnermost(flow, head, back)) {
      return null;
    }
    int most = Math.min(COPIES, MOST_OF_ALL / (back - head + 1));
    if (most < 2) {
      return null;
    }
    long turns = turns(flow, head, back, before);
    for (int divisor : DIVISORS) {
      if (turns > 0 && turns % divisor == 0 && divisor <= most + 1) {
        return new Loop(head, back, divisor, true);
      }
    }
    return new Loop(head, back, most, false);
  }

  /** Whether an instruction is in it, but not the first: each copy has its own. */
  boolean isInside(int index) {
    return index > head && index <= back;
  }

  /** The only branch back, or -1. */
  private static int back(Flow flow, int head) {
    int found = -1;
    for (int i = head; i < Math.min(flow.end(), head + MOST_INSTRUCTIONS); i++) {
      if (flow.target(i) == head) {
        if (found >= 0 || !(flow.at(i) instanceof Instruction.Branch)) {
          return -1;
        }
        found = i;
      }
    }
    return found;
  }

  private static boolean isSmallAndInnermost(Flow flow, int head, int back) {
    int inside = 0;
    int branches = 0;
    for (int i = head; i < back; i++) {
      int target = flow.target(i);
      if (target >= 0) {
        if (target <= i) {
          return false;
        }
        inside += target <= back ? 1 : 0;
        branches += isConditional(flow, i, target) ? 0 : 1;
      }
    }
    if (branches > MOST_BRANCHES) {
      return false;
    }
    int jumps = 0;
    for (int i = head + 1; i <= back; i++) {
      jumps += flow.jumpsTo(i);
    }
    return jumps == inside && flow.has(back + 1);
  }

  /** Whether a branch may become moves on a condition. */
  private static boolean isConditional(Flow flow, int branch, int target) {
    for (int i = branch + 1; i < target; i++) {
      if (!ConditionalCode.isPossible(flow.at(i))) {
        return false;
      }
    }
    return target - branch - 1 <= ConditionalCode.MOST;
  }

  /** How often it runs, when it counts from a constant to another one by constants; else 0. */
  private static long turns(Flow flow, int head, int back, ValueBits before) {
    if (flow.jumpsTo(head) != 1
        || head == flow.first()
        || !flow.fallsThrough(head - 1)
        || !(flow.at(back)
            instanceof
            Instruction.Branch(var width, var condition, var counter, Immediate(int end), _))
        || condition != Condition.NOT_EQUAL) {
      return 0;
    }
    Long begin = before.constant(counter);
    int step = step(flow, head, back, counter);
    if (begin == null || step == 0) {
      return 0;
    }
    boolean grows = step > 0 && begin >= 0 && begin < end;
    if (!grows && (width == Width.W32 || isCutOff(flow, head, back, counter))) {
      return 0; // it may pass 2^32
    }
    long distance = end - begin;
    return distance % step == 0 ? Math.max(0, distance / step) : 0;
  }

  private static boolean isCutOff(Flow flow, int head, int back, Register counter) {
    for (int i = head; i < back; i++) {
      if (flow.at(i) instanceof Instruction.Alu(var width, _, var dst, _)
          && dst == counter
          && width == Width.W32) {
        return true;
      }
    }
    return false;
  }

  /** By how much a register grows each turn; 0 when not by a constant, or not each turn. */
  private static int step(Flow flow, int head, int back, Register counter) {
    int step = 0;
    for (int i = head; i < back; i++) {
      if ((Effects.writes(flow.at(i)) & Effects.bit(counter)) != 0) {
        if (step != 0
            || !(flow.at(i) instanceof Instruction.Alu(_, var operator, _, Immediate(int by)))
            || operator != AluOperator.ADD) {
          return 0;
        }
        step = by;
      }
    }
    for (int i = head + 1; i <= back; i++) {
      if (flow.jumpsTo(i) > 0) {
        return 0; // it may be jumped over
      }
    }
    return step;
  }
}
