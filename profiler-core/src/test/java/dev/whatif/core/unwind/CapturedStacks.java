package dev.whatif.core.unwind;

import dev.whatif.testing.GdbStop;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** All stacks of a thread at a stop: a signal handler may run on one of its own. */
final class CapturedStacks implements StackMemory {

  private final List<CapturedStack> stacks;

  CapturedStacks(List<GdbStop.Stack> pieces) {
    stacks =
        pieces.stream()
            .map(p -> {
              CapturedStack stack = new CapturedStack();
              stack.reset(p.address(), MemorySegment.ofArray(p.bytes()), 0, p.bytes().length);
              return stack;
            })
            .toList();
  }

  @Override
  public boolean read(long address, long[] out, int index) {
    for (CapturedStack stack : stacks) {
      if (stack.read(address, out, index)) {
        return true;
      }
    }
    return false;
  }
}
