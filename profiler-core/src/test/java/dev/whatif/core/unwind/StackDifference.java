package dev.whatif.core.unwind;

import dev.whatif.core.process.AddressSpace;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where our stack first differs from gdb's.
 *
 * @param reason a category
 * @param text both sides
 */
record StackDifference(String reason, String text) {

  /** Null when all is equal and the bottom was reached. */
  static @Nullable StackDifference between(
      List<LogicalFrame> truth,
      List<LogicalFrame> ours,
      String truthEnd,
      UnwindEnd end,
      SymbolAliases aliases,
      AddressSpace space) {
    for (int i = 0; i < truth.size() && i < ours.size(); i++) {
      String reason = reason(truth.get(i), ours.get(i), aliases, space);
      if (reason != null) {
        return new StackDifference(
            reason,
            "%s in frame %d of %d: gdb %s; here %s"
                .formatted(reason, i, truth.size(), truth.get(i), ours.get(i)));
      }
    }
    if (truth.size() != ours.size() || end != UnwindEnd.BOTTOM) {
      return new StackDifference(
          "end",
          "gdb has %d frames (%s) and ends with %s; here %d (%s), ends with %s; leaf %s"
              .formatted(
                  truth.size(),
                  truthEnd,
                  truth.getLast(),
                  ours.size(),
                  end,
                  ours.getLast(),
                  truth.getFirst()));
    }
    return null;
  }

  private static @Nullable String reason(
      LogicalFrame truth, LogicalFrame ours, SymbolAliases aliases, AddressSpace space) {
    if (truth.pc() != ours.pc()) {
      return "pc";
    }
    if (truth.inlined() != ours.inlined()) {
      return "inlining";
    }
    if (!aliases.same(truth, ours, space)) {
      return "name";
    }
    if (truth.line() == 0) {
      return null;
    }
    return !truth.file().equals(ours.file()) ? "file" : truth.line() != ours.line() ? "line" : null;
  }
}
