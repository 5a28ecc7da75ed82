package dev.whatif.ebpf.verifier;

import dev.whatif.core.failure.BadDataException;
import dev.whatif.ebpf.btf.LineInfo;
import dev.whatif.ebpf.isa.Code;
import dev.whatif.ebpf.isa.Instruction;
import dev.whatif.ebpf.isa.ReferenceKind;
import dev.whatif.ebpf.object.MapDefinition;
import dev.whatif.ebpf.object.ProgramType;
import java.util.List;

/**
 * A program that nothing is known of yet: linked, relocated, and complete, so that its meaning
 * depends on nothing but itself. Maps are named by their index in {@code maps} ({@link
 * ReferenceKind#MAP_INDEX} and {@link ReferenceKind#MAP_INDEX_VALUE}), functions by their slot.
 *
 * @param name of the entry function
 * @param type what calls it, and so what r1 points to; UNSPEC for memory of any meaning, whose
 *     length r2 holds
 * @param contextBytes of the memory behind r1, for UNSPEC only
 * @param code the entry function first
 * @param maps those that the code names
 * @param lines source lines, ascending; offsets are bytes within the code
 */
public record Program(
    String name,
    ProgramType type,
    int contextBytes,
    Code code,
    List<MapDefinition> maps,
    List<LineInfo> lines) {

  /**
   * Checks that it is complete.
   *
   * @throws BadDataException naming the slot of a reference to a map that is none of its own, or to
   *     something in the kernel
   */
  public Program {
    maps = List.copyOf(maps);
    lines = List.copyOf(lines);
    for (int i = 0; i < code.instructions().size(); i++) {
      if (code.instructions().get(i) instanceof Instruction.LoadReference reference) {
        check(name, code.slotOf(i), reference, maps.size());
      }
    }
  }

  /** A program on plain memory, without maps: r1 is its address, r2 its length in bytes. */
  public static Program onMemory(String name, Code code, int bytes) {
    return new Program(name, ProgramType.UNSPEC, bytes, code, List.of(), List.of());
  }

  private static void check(String name, int slot, Instruction.LoadReference reference, int maps) {
    switch (reference.kind()) {
      case FUNCTION -> {
        // the code has checked where it leads
      }
      case MAP_INDEX, MAP_INDEX_VALUE -> {
        if (reference.first() < 0 || reference.first() >= maps) {
          throw new BadDataException(
              "program '%s', slot %d: map %d of %d".formatted(name, slot, reference.first(), maps));
        }
      }
      case MAP, MAP_VALUE, VARIABLE ->
          throw new BadDataException(
              "program '%s', slot %d: names something in the kernel (%s)"
                  .formatted(name, slot, reference.kind()));
    }
  }
}
