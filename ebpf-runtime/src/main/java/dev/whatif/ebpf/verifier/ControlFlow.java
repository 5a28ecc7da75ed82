package dev.whatif.ebpf.verifier;

import dev.whatif.ebpf.isa.Code;
import dev.whatif.ebpf.isa.Instruction;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.OptionalInt;

/**
 * Where instructions lead, whatever registers hold ({@code check_cfg} in kernel/bpf/verifier.c).
 * Immutable.
 */
final class ControlFlow {

  private final Code code;
  private final BitSet joins = new BitSet();

  private ControlFlow(Code code) {
    this.code = code;
  }

  /**
   * Follows every instruction.
   *
   * @param strict whether each must be reachable, and functions must not jump into each other
   */
  static ControlFlow of(Code code, Functions functions, boolean strict) {
    ControlFlow flow = new ControlFlow(code);
    BitSet reached = flow.reach();
    int size = code.instructions().size();
    if (strict) {
      int dead = reached.nextClearBit(0);
      if (dead < size) {
        throw new PlacedFault(
            dead, "no way leads here", "remove the code, or let the compiler do it (clang -O2)");
      }
      for (int f = 0; f < functions.count(); f++) {
        flow.requireSelfContained(functions.start(f), functions.end(f));
      }
    }
    return flow;
  }

  /** Whether an instruction can follow several others: where states are worth comparing. */
  boolean isJoin(int index) {
    return joins.get(index);
  }

  private BitSet reach() {
    BitSet reached = new BitSet();
    ArrayDeque<Integer> open = new ArrayDeque<>();
    visit(0, reached, open);
    while (!open.isEmpty()) {
      int index = open.pop();
      Instruction instruction = code.instructions().get(index);
      OptionalInt target = target(index);
      if (target.isPresent()) {
        joins.set(target.getAsInt());
        visit(target.getAsInt(), reached, open);
      }
      if (continues(instruction)) {
        if (index + 1 == code.instructions().size()) {
          throw new PlacedFault(
              index,
              "the program goes on behind its last instruction",
              "end every way through it with a return");
        }
        if (instruction instanceof Instruction.Branch) {
          joins.set(index);
        }
        visit(index + 1, reached, open);
      }
    }
    return reached;
  }

  private static void visit(int index, BitSet reached, ArrayDeque<Integer> open) {
    if (!reached.get(index)) {
      reached.set(index);
      open.push(index);
    }
  }

  private OptionalInt target(int index) {
    var slot = code.instructions().get(index).targetFrom(code.slotOf(index));
    if (slot.isEmpty()) {
      return OptionalInt.empty();
    }
    OptionalInt target = code.indexAt(slot.getAsLong());
    if (target.isEmpty()) {
      throw new PlacedFault(
          index,
          "leads to slot %d, where no instruction begins".formatted(slot.getAsLong()),
          "jump to the beginning of an instruction of this program");
    }
    return target;
  }

  static boolean continues(Instruction instruction) {
    return !(instruction instanceof Instruction.Exit || instruction instanceof Instruction.Jump);
  }

  private void requireSelfContained(int start, int end) {
    for (int i = start; i < end; i++) {
      Instruction instruction = code.instructions().get(i);
      if (instruction instanceof Instruction.Jump || instruction instanceof Instruction.Branch) {
        int target = target(i).orElseThrow();
        if (target < start || target >= end) {
          throw new PlacedFault(
              i,
              "jumps out of its function, to instruction " + target,
              "call the other function, or return");
        }
      }
    }
    if (continues(code.instructions().get(end - 1))) {
      throw new PlacedFault(
          end - 1,
          "the function goes on into the next one",
          "end every function with a return or a jump back into it");
    }
  }

  /** A finding about an instruction that no way was followed to. */
  static final class PlacedFault extends RuntimeException {

    private static final long serialVersionUID = 1L;

    final int index;
    final String remedy;

    PlacedFault(int index, String reason, String remedy) {
      super(reason, null, false, false);
      this.index = index;
      this.remedy = remedy;
    }
  }
}
