package dev.whatif.ebpf.jit;

import dev.whatif.ebpf.isa.Code;
import dev.whatif.ebpf.isa.Instruction;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * How a function's instructions follow each other, and which registers are <em>live</em> between
 * them: those whose values somebody still reads. Everything is by index of the instruction in the
 * whole code. Immutable.
 */
final class Flow {

  private static final int NOWHERE = -1;

  private final Code code;
  private final int first;
  private final int end;
  private final int[] targets;
  private final int[] jumpsTo;
  private final int[] firstJumpTo;
  private final List<Integer> backwards = new ArrayList<>();
  private final int[] liveIn;

  private Flow(Code code, int first, int end) {
    this.code = code;
    this.first = first;
    this.end = end;
    int size = code.instructions().size();
    targets = new int[size];
    jumpsTo = new int[size];
    firstJumpTo = new int[size];
    liveIn = new int[size];
  }

  /** Looks at the instructions from an index to another one (not included). */
  static Flow of(Code code, int first, int end) {
    Flow flow = new Flow(code, first, end);
    flow.findTargets();
    flow.findLive();
    return flow;
  }

  private void findTargets() {
    Arrays.fill(targets, NOWHERE);
    for (int i = first; i < end; i++) {
      Instruction instruction = code.instructions().get(i);
      if (instruction instanceof Instruction.Branch || instruction instanceof Instruction.Jump) {
        long slot = instruction.targetFrom(code.slotOf(i)).orElseThrow();
        int target = code.indexAt(slot).orElseThrow();
        if (target < first || target >= end) {
          throw new IllegalArgumentException(
              "slot %d jumps out of its function".formatted(code.slotOf(i)));
        }
        targets[i] = target;
        firstJumpTo[target] = jumpsTo[target] == 0 ? i : firstJumpTo[target];
        jumpsTo[target]++;
        if (target <= i) {
          backwards.add(i);
        }
      }
    }
  }

  private void findLive() {
    List<Instruction> instructions = code.instructions();
    for (boolean changed = true; changed; ) {
      changed = false;
      for (int i = end - 1; i >= first; i--) {
        Instruction instruction = instructions.get(i);
        int live = liveOut(i) & ~Effects.writes(instruction) | Effects.reads(instruction);
        if (live != liveIn[i]) {
          liveIn[i] = live;
          changed = true;
        }
      }
    }
  }

  int first() {
    return first;
  }

  int end() {
    return end;
  }

  /** The instruction. */
  Instruction at(int index) {
    return code.instructions().get(index);
  }

  /** Whether that instruction is in the function. */
  boolean has(int index) {
    return index >= first && index < end;
  }

  /** Where a jump or branch leads. */
  int target(int index) {
    return targets[index];
  }

  /** How many jumps and branches lead there. */
  int jumpsTo(int index) {
    return jumpsTo[index];
  }

  /** The first jump that leads there, or -1. */
  int firstJumpTo(int index) {
    return jumpsTo[index] == 0 ? NOWHERE : firstJumpTo[index];
  }

  /** The jumps and branches that lead backwards, or to themselves, ascending. */
  List<Integer> backwards() {
    return Collections.unmodifiableList(backwards);
  }

  /** Whether the instruction can be followed by the next one. */
  boolean fallsThrough(int index) {
    return switch (at(index)) {
      case Instruction.Jump _, Instruction.Exit _ -> false;
      default -> true;
    };
  }

  /** Registers whose values matter before the instruction. */
  int liveIn(int index) {
    return liveIn[index];
  }

  /** Registers whose values matter after it. */
  int liveOut(int index) {
    int live = 0;
    if (targets[index] != NOWHERE) {
      live |= liveIn[targets[index]];
    }
    if (fallsThrough(index) && index + 1 < end) {
      live |= liveIn[index + 1];
    }
    return live;
  }
}
