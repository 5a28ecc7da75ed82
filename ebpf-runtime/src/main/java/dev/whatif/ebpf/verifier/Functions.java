package dev.whatif.ebpf.verifier;

import dev.whatif.ebpf.isa.Code;
import dev.whatif.ebpf.isa.Instruction;
import dev.whatif.ebpf.isa.ReferenceKind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.TreeSet;

/**
 * Where the functions of a program begin and end, what they call, and how much stack they need
 * together ({@code check_subprogs} and {@code check_max_stack_depth} in kernel/bpf/verifier.c). A
 * function begins where a call leads, or where its address is taken. One thread.
 */
final class Functions {

  /** kernel, include/linux/bpf_verifier.h, MAX_CALL_FRAMES. */
  static final int MAX_FRAMES = 8;

  /**
   * kernel, kernel/bpf/verifier.c: what callers of a function that leaves by a tail call may use.
   */
  private static final int TAIL_CALL_STACK = 256;

  private static final int TAIL_CALL = 12;
  private static final int STACK_GRAIN = 16;

  private final Code code;
  private final int[] starts;
  private final int[] stackBytes;

  Functions(Code code) {
    this.code = code;
    TreeSet<Integer> found = new TreeSet<>();
    found.add(0);
    for (int i = 0; i < code.instructions().size(); i++) {
      target(i).ifPresent(found::add);
    }
    starts = found.stream().mapToInt(Integer::intValue).toArray();
    stackBytes = new int[starts.length];
  }

  /** The number of the function that an instruction is in. */
  int of(int index) {
    int at = Arrays.binarySearch(starts, index);
    return at >= 0 ? at : -at - 2;
  }

  int count() {
    return starts.length;
  }

  /** The index of the first instruction of a function. */
  int start(int function) {
    return starts[function];
  }

  /** The index behind the last instruction of a function. */
  int end(int function) {
    return function + 1 < starts.length ? starts[function + 1] : code.instructions().size();
  }

  /** The function that an instruction calls or takes the address of, by its first instruction. */
  OptionalInt target(int index) {
    Instruction instruction = code.instructions().get(index);
    boolean names =
        instruction instanceof Instruction.CallLocal
            || instruction instanceof Instruction.LoadReference reference
                && reference.kind() == ReferenceKind.FUNCTION;
    return names
        ? code.indexAt(instruction.targetFrom(code.slotOf(index)).orElseThrow())
        : OptionalInt.empty();
  }

  /** A function used its stack down to some bytes below the frame pointer. */
  void usesStack(int start, int bytes) {
    int function = of(start);
    stackBytes[function] = Math.max(stackBytes[function], bytes);
  }

  /**
   * Adds up the stack along every chain of calls.
   *
   * @throws Fault when a chain needs more than there is, or when functions call each other in a
   *     circle
   */
  void requireStack() {
    follow(0, 0, new ArrayDeque<>(), new int[MAX_FRAMES + 1][starts.length]);
  }

  private void follow(int function, int above, ArrayDeque<Integer> chain, int[][] seen) {
    if (chain.contains(function)) {
      throw new Fault(
          "the function at instruction %d calls itself, directly or through others"
              .formatted(starts[function]),
          "write a loop: the stack of a BPF program has no room for recursion");
    }
    if (chain.size() == MAX_FRAMES) {
      throw new Fault(
          "calls are nested deeper than " + MAX_FRAMES,
          "inline some of the functions (static __always_inline)");
    }
    int bytes = Math.max(stackBytes[function], 1);
    int total = above + (bytes + STACK_GRAIN - 1) / STACK_GRAIN * STACK_GRAIN;
    if (total > StackFrame.STACK_BYTES) {
      throw new Fault(
          "the stacks of %d nested calls are %d bytes, and %d is all there is"
              .formatted(chain.size() + 1, total, StackFrame.STACK_BYTES),
          "move large variables into a per-CPU array map, or into fewer functions");
    }
    if (above >= TAIL_CALL_STACK && leavesByTailCall(function)) {
      throw new Fault(
          "a tail call below callers that use %d bytes of stack".formatted(above),
          "tail calls are for functions whose callers use less than " + TAIL_CALL_STACK);
    }
    if (seen[chain.size()][function] >= total) {
      return; // as deep as before, with no more above: nothing new below
    }
    seen[chain.size()][function] = total;
    chain.push(function);
    for (int callee : callees(function)) {
      follow(callee, total, chain, seen);
    }
    chain.pop();
  }

  private List<Integer> callees(int function) {
    List<Integer> callees = new ArrayList<>();
    for (int i = start(function); i < end(function); i++) {
      OptionalInt target = target(i);
      if (target.isPresent() && !callees.contains(of(target.getAsInt()))) {
        callees.add(of(target.getAsInt()));
      }
    }
    return callees;
  }

  private boolean leavesByTailCall(int function) {
    return code.instructions().subList(start(function), end(function)).stream()
        .anyMatch(i -> i instanceof Instruction.CallHelper(int id) && id == TAIL_CALL);
  }
}
