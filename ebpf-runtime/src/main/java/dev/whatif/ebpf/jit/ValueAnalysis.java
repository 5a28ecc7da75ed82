package dev.whatif.ebpf.jit;

import dev.whatif.ebpf.isa.Instruction;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What {@link ValueBits} are known where jumps lead, whichever way was taken. */
final class ValueAnalysis {

  private final @Nullable ValueBits[] before;

  private ValueAnalysis(int size) {
    before = new ValueBits[size];
  }

  /** Follows a function's instructions until nothing new is found out. */
  static ValueAnalysis of(Flow flow) {
    ValueAnalysis analysis = new ValueAnalysis(flow.end());
    for (int i = flow.first(); i < flow.end(); i++) {
      if (flow.jumpsTo(i) > 0) {
        analysis.before[i] = ValueBits.unreached();
      }
    }
    while (analysis.pass(flow)) {
      // bits only grow, and there are 64 for each register
    }
    return analysis;
  }

  private boolean pass(Flow flow) {
    boolean changed = false;
    ValueBits now = ValueBits.unknown();
    for (int i = flow.first(); i < flow.end(); i++) {
      ValueBits here = before[i];
      if (here != null) {
        changed |= here.join(now);
        now = here.copy();
      }
      Instruction instruction = flow.at(i);
      now.apply(instruction);
      if (flow.target(i) >= 0) {
        changed |= Objects.requireNonNull(before[flow.target(i)]).join(now);
      }
      if (!flow.fallsThrough(i)) {
        now = ValueBits.unreached();
      }
    }
    return changed;
  }

  /** What is known before an instruction where jumps lead; nothing where none did at first. */
  ValueBits before(int index) {
    ValueBits known = before[index];
    return known == null ? ValueBits.unknown() : known.copy();
  }
}
