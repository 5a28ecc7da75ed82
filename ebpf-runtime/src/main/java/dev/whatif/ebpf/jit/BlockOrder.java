package dev.whatif.ebpf.jit;

import dev.whatif.ebpf.isa.Code;
import dev.whatif.ebpf.isa.CodeBuilder;
import dev.whatif.ebpf.isa.Condition;
import dev.whatif.ebpf.isa.Instruction;
import dev.whatif.ebpf.isa.Label;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Puts the blocks of functions into an order in which fewer jumps are taken. Compilers for BPF
 * often begin a loop with a jump over its end, so that each turn jumps twice:
 *
 * <pre>
 *      goto body                        body: ...
 * end: i += 1; if i != n goto body      end:  i += 1; if i != n goto body
 *      return                                 return
 * body: ...; goto end
 * </pre>
 */
final class BlockOrder {

  /**
   * Code in another order.
   *
   * @param origin of each instruction, by index: that of the code before; of a jump that was added,
   *     the one of the instruction before it
   */
  record Ordered(Code code, int[] origin) {

    static Ordered unchanged(Code code) {
      int[] origin = new int[code.instructions().size()];
      for (int i = 0; i < origin.length; i++) {
        origin[i] = i;
      }
      return new Ordered(code, origin);
    }
  }

  private final Code code;
  private final List<Flow> functions;
  private final Label[] labels;
  private final List<Integer> origin = new ArrayList<>();

  private BlockOrder(Code code, List<Flow> functions) {
    this.code = code;
    this.functions = functions;
    labels = new Label[code.instructions().size()];
  }

  /** The code in its order, or unchanged where that would make jumps too long for BPF. */
  static Ordered of(Code code, List<Flow> functions) {
    BlockOrder order = new BlockOrder(code, functions);
    try {
      Code ordered = Code.build(order::write);
      return new Ordered(ordered, order.origin.stream().mapToInt(i -> i).toArray());
    } catch (IllegalArgumentException e) {
      return Ordered.unchanged(code); // a branch has 16 bits
    }
  }

  private void write(CodeBuilder builder) {
    for (int i = 0; i < labels.length; i++) {
      labels[i] = builder.label("slot " + code.slotOf(i));
    }
    for (Flow flow : functions) {
      List<Integer> order = order(flow);
      for (int i = 0; i < order.size(); i++) {
        int following = i + 1 < order.size() ? order.get(i + 1) : flow.end();
        write(builder, flow, order.get(i), following);
      }
    }
  }

  private static boolean isStart(Flow flow, int index) {
    return index == flow.first()
        || flow.jumpsTo(index) > 0
        || flow.target(index - 1) >= 0
        || !flow.fallsThrough(index - 1);
  }

  private static int last(Flow flow, int start) {
    int i = start;
    while (i + 1 < flow.end() && !isStart(flow, i + 1)) {
      i++;
    }
    return i;
  }

  /** The first instructions of the blocks, in their new order. */
  private static List<Integer> order(Flow flow) {
    boolean[] placed = new boolean[flow.end() + 1];
    List<Integer> order = new ArrayList<>();
    int unplaced = flow.first();
    int next = flow.first();
    while (next < flow.end()) {
      placed[next] = true;
      order.add(next);
      int last = last(flow, next);
      next = following(flow, last, placed);
      if (next < 0) {
        while (unplaced < flow.end() && placed[unplaced]) {
          unplaced = last(flow, unplaced) + 1;
        }
        next = unplaced;
      }
    }
    return order;
  }

  /** What is to follow a block that ends with an instruction; -1 when that does not matter. */
  private static int following(Flow flow, int last, boolean[] placed) {
    int below = last + 1;
    int target = flow.target(last);
    if (flow.at(last) instanceof Instruction.Jump) {
      boolean moves = target <= last || isLoopEnd(flow, below, target);
      return moves && !placed[target] ? target : below < flow.end() && !placed[below] ? below : -1;
    }
    if (!flow.fallsThrough(last)) {
      return -1;
    }
    return !placed[below] ? below : target >= 0 && !placed[target] ? target : -1;
  }

  /** Whether a block is only reached from another one, below it, and what follows that. */
  private static boolean isLoopEnd(Flow flow, int block, int from) {
    return block < from && flow.firstJumpTo(block) >= from;
  }

  private void write(CodeBuilder builder, Flow flow, int start, int following) {
    int last = last(flow, start);
    for (int i = start; i <= last; i++) {
      builder.bind(labels[i]);
      Instruction instruction = flow.at(i);
      int below = i + 1;
      if (i < last || !endsElsewhere(flow, i, following)) {
        add(builder, i, instruction);
      } else if (instruction instanceof Instruction.Branch branch
          && flow.target(i) == following
          && opposite(branch.condition()).isPresent()) {
        Condition condition = opposite(branch.condition()).orElseThrow();
        Instruction inverted =
            new Instruction.Branch(
                branch.width(), condition, branch.dst(), branch.src(), (short) 0);
        origin.add(i);
        builder.add(inverted, labels[below]);
      } else if (!(instruction instanceof Instruction.Jump)) {
        add(builder, i, instruction);
        origin.add(i);
        builder.add(new Instruction.Jump(true, 0), labels[below]);
      }
    }
  }

  /** Whether what follows the last instruction of a block is not what followed it before. */
  private static boolean endsElsewhere(Flow flow, int last, int following) {
    if (flow.at(last) instanceof Instruction.Jump) {
      return flow.target(last) == following;
    }
    return flow.fallsThrough(last) && last + 1 != following;
  }

  private void add(CodeBuilder builder, int index, Instruction instruction) {
    origin.add(index);
    var target = instruction.targetFrom(code.slotOf(index));
    if (target.isPresent()) {
      Instruction far =
          instruction instanceof Instruction.Jump ? new Instruction.Jump(true, 0) : instruction;
      builder.add(far, labels[code.indexAt(target.getAsLong()).orElseThrow()]);
    } else {
      builder.add(instruction);
    }
  }

  private static Optional<Condition> opposite(Condition condition) {
    return switch (condition) {
      case EQUAL -> Optional.of(Condition.NOT_EQUAL);
      case NOT_EQUAL -> Optional.of(Condition.EQUAL);
      case GREATER -> Optional.of(Condition.LESS_OR_EQUAL);
      case GREATER_OR_EQUAL -> Optional.of(Condition.LESS);
      case LESS -> Optional.of(Condition.GREATER_OR_EQUAL);
      case LESS_OR_EQUAL -> Optional.of(Condition.GREATER);
      case SIGNED_GREATER -> Optional.of(Condition.SIGNED_LESS_OR_EQUAL);
      case SIGNED_GREATER_OR_EQUAL -> Optional.of(Condition.SIGNED_LESS);
      case SIGNED_LESS -> Optional.of(Condition.SIGNED_GREATER_OR_EQUAL);
      case SIGNED_LESS_OR_EQUAL -> Optional.of(Condition.SIGNED_GREATER);
      case COMMON_BITS -> Optional.empty();
    };
  }
}
