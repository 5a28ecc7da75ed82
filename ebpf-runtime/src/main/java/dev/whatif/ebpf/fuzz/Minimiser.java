package dev.whatif.ebpf.fuzz;

import dev.whatif.ebpf.isa.Code;
import dev.whatif.ebpf.isa.Instruction;
import dev.whatif.ebpf.isa.ReferenceKind;
import dev.whatif.ebpf.verifier.Program;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Predicate;

/**
 * Makes a program smaller that shows something, as long as it still shows it: instructions become
 * jumps to the next, many at a time, then few (delta debugging, Zeller and Hildebrandt, TSE'02); at
 * the end such jumps are left out.
 */
final class Minimiser {

  private static final Instruction NOTHING = new Instruction.Jump(false, 0);

  private Minimiser() {}

  /**
   * A smaller program.
   *
   * @param shows whether a program still does; called some hundred times
   */
  static Program of(Program program, Predicate<Program> shows) {
    List<Instruction> best = new ArrayList<>(program.code().instructions());
    for (int width = Math.max(1, best.size() / 2); width > 0; width /= 2) {
      for (int at = 0; at < best.size(); at += width) {
        List<Instruction> next = without(best, at, Math.min(best.size(), at + width));
        if (!next.equals(best) && shows.test(with(program, next))) {
          best = next;
        }
      }
    }
    Program compact = with(program, compacted(Code.of(best)));
    return shows.test(compact) ? compact : with(program, best);
  }

  private static Program with(Program program, List<Instruction> instructions) {
    return new Program(
        program.name(),
        program.type(),
        program.contextBytes(),
        Code.of(instructions),
        program.maps(),
        List.of());
  }

  /** The list may grow, since nothing takes one slot only. */
  private static List<Instruction> without(List<Instruction> all, int from, int to) {
    List<Instruction> result = new ArrayList<>(all.subList(0, from));
    for (Instruction instruction : all.subList(from, to)) {
      for (int i = 0; i < instruction.slots(); i++) {
        result.add(NOTHING);
      }
    }
    result.addAll(all.subList(to, all.size()));
    return result;
  }

  private static List<Instruction> compacted(Code code) {
    List<Instruction> all = code.instructions();
    int[] moved = new int[code.slots() + 1];
    int slot = 0;
    for (int i = 0; i < all.size(); i++) {
      moved[code.slotOf(i)] = slot;
      slot += all.get(i).equals(NOTHING) ? 0 : all.get(i).slots();
    }
    moved[code.slots()] = slot;
    List<Instruction> result = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      if (!all.get(i).equals(NOTHING)) {
        result.add(retargeted(all.get(i), code, i, moved));
      }
    }
    return result;
  }

  private static Instruction retargeted(Instruction instruction, Code code, int i, int[] moved) {
    int from = code.slotOf(i);
    long target = instruction.targetFrom(from).orElse(-1);
    OptionalInt index = code.indexAt(target);
    if (index.isEmpty()) {
      return instruction;
    }
    int offset = moved[(int) target] - moved[from] - 1;
    return switch (instruction) {
      case Instruction.Jump(boolean wide, _) -> new Instruction.Jump(wide, offset);
      case Instruction.Branch(var width, var condition, var dst, var src, _) ->
          new Instruction.Branch(width, condition, dst, src, (short) offset);
      case Instruction.CallLocal _ -> new Instruction.CallLocal(offset);
      case Instruction.LoadReference(var dst, var kind, _, _) when kind == ReferenceKind.FUNCTION ->
          new Instruction.LoadReference(dst, kind, offset, 0);
      default -> instruction;
    };
  }
}
