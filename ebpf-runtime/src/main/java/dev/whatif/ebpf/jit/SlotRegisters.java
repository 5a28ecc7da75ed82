package dev.whatif.ebpf.jit;

import dev.whatif.core.x86.Register;
import dev.whatif.ebpf.isa.Instruction;
import dev.whatif.ebpf.isa.MemorySize;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Places on the stack that are kept in registers which BPF has no names for: compilers for BPF put
 * there what its ten registers cannot hold. Only in functions that call nothing, and where nobody
 * knows the stack's address.
 */
final class SlotRegisters {

  private static final int MOST_WEIGHT = 1_000_000;

  /** A place: offset below r10, and how many bytes. */
  private record Place(short offset, MemorySize size) {

    boolean overlaps(Place other) {
      return offset < other.offset + other.size.bytes() && other.offset < offset + size.bytes();
    }
  }

  private final Map<Place, Register> registers;

  private SlotRegisters(Map<Place, Register> registers) {
    this.registers = Map.copyOf(registers);
  }

  /**
   * Chooses the places that are used most.
   *
   * @param needsInvocation whether r12 is taken
   */
  static SlotRegisters of(Flow flow, boolean needsInvocation) {
    List<Register> free = free(flow, needsInvocation);
    Map<Place, Integer> weights = new HashMap<>();
    for (int i = flow.first(); i < flow.end(); i++) {
      Place place = place(flow.at(i));
      if (place != null) {
        weights.merge(place, weight(flow, i), Integer::sum);
      } else if (Frame.usesStack(flow.at(i))) {
        return new SlotRegisters(Map.of()); // an address that somebody may use, or part of a place
      }
    }
    List<Place> candidates = new ArrayList<>(weights.keySet());
    candidates.removeIf(
        p -> weights.keySet().stream().anyMatch(o -> !o.equals(p) && o.overlaps(p)));
    candidates.sort(
        Comparator.<Place>comparingInt(weights::get).reversed().thenComparingInt(Place::offset));
    Map<Place, Register> chosen = new HashMap<>();
    for (int i = 0; i < Math.min(free.size(), candidates.size()); i++) {
      chosen.put(candidates.get(i), free.get(i));
    }
    return new SlotRegisters(chosen);
  }

  private static List<Register> free(Flow flow, boolean needsInvocation) {
    for (int i = flow.first(); i < flow.end(); i++) {
      boolean isTaken =
          switch (flow.at(i)) {
            case Instruction.CallHelper _, Instruction.CallLocal _ -> true;
            case Instruction.CallRegister _, Instruction.CallKernel _ -> true;
            case Instruction.Atomic _ -> true;
            case Instruction.Alu(_, var operator, _, _) ->
                switch (operator) {
                  case DIVIDE, REMAINDER, SIGNED_DIVIDE, SIGNED_REMAINDER -> true;
                  default -> false;
                };
            default -> false;
          };
      if (isTaken) {
        return List.of();
      }
    }
    return needsInvocation
        ? List.of(Registers.SCRATCH3, Registers.SCRATCH2)
        : List.of(Registers.SCRATCH3, Registers.SCRATCH2, Registers.INVOCATION);
  }

  private static @Nullable Place place(Instruction instruction) {
    var frame = dev.whatif.ebpf.isa.Register.R10;
    return switch (instruction) {
      case Instruction.Load(var size, boolean signed, _, var base, short offset)
          when base == frame && !signed && isLong(size) ->
          new Place(offset, size);
      case Instruction.Store(var size, var base, short offset, var value)
          when base == frame && value != frame && isLong(size) ->
          new Place(offset, size);
      default -> null;
    };
  }

  private static boolean isLong(MemorySize size) {
    return size == MemorySize.DOUBLE || size == MemorySize.WORD;
  }

  /** How often it runs, very roughly: ten times as often in each loop around it. */
  private static int weight(Flow flow, int index) {
    int weight = 1;
    for (int back : flow.backwards()) {
      if (back >= index && flow.target(back) <= index && weight < MOST_WEIGHT) {
        weight *= 10;
      }
    }
    return weight;
  }

  /** The register that holds a place of the stack, or null. */
  @Nullable Register at(dev.whatif.ebpf.isa.Register base, short offset, MemorySize size) {
    return base == dev.whatif.ebpf.isa.Register.R10 ? registers.get(new Place(offset, size)) : null;
  }

  /** Whether it takes a register. */
  boolean takes(Register register) {
    return registers.containsValue(register);
  }
}
