package dev.whatif.ebpf.isa;

import dev.whatif.core.failure.BadDataException;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * Instructions in their order, and the slots where they begin. Immutable, thread-safe.
 *
 * <p>Instructions are counted by <em>index</em>; jumps, relocations and line numbers count
 * <em>slots</em>, of which some instructions take two.
 */
public final class Code {

  private final List<Instruction> instructions;
  private final int[] slots;
  private final int size;

  private Code(List<Instruction> instructions) {
    this.instructions = List.copyOf(instructions);
    slots = new int[instructions.size()];
    int slot = 0;
    for (int i = 0; i < slots.length; i++) {
      slots[i] = slot;
      slot += this.instructions.get(i).slots();
    }
    size = slot;
  }

  /** These instructions; where they jump to is not looked at. */
  public static Code of(List<Instruction> instructions) {
    return new Code(instructions);
  }

  /**
   * A whole program.
   *
   * @throws BadDataException naming the slot when an encoding is malformed, or when a jump, a local
   *     call or the address of a function leads out of the program or into the middle of an
   *     instruction
   */
  public static Code decode(byte[] bytes) {
    Code code = new Code(Instruction.decode(bytes));
    code.checkTargets();
    return code;
  }

  /**
   * What a builder was told to write:
   *
   * <pre>{@code
   * Code code = Code.build(b -> {
   *   Label small = b.label("small");
   *   b.move(R0, 0).branch(Condition.LESS, R1, 5, small).move(R0, 1).bind(small).exit();
   * });
   * }</pre>
   *
   * @throws IllegalArgumentException when a label is used and not bound, or is too far away
   */
  public static Code build(Consumer<CodeBuilder> writer) {
    CodeBuilder builder = new CodeBuilder();
    writer.accept(builder);
    return builder.build();
  }

  /** The instructions, in order. */
  public List<Instruction> instructions() {
    return instructions;
  }

  /** The slots of all of them. */
  public int slots() {
    return size;
  }

  /** The slot where the instruction of an index begins. */
  public int slotOf(int index) {
    return slots[index];
  }

  /** The index of the instruction that begins at a slot; empty in the middle of one. */
  public OptionalInt indexAt(long slot) {
    if (slot < 0 || slot >= size) {
      return OptionalInt.empty();
    }
    int index = Arrays.binarySearch(slots, (int) slot);
    return index < 0 ? OptionalInt.empty() : OptionalInt.of(index);
  }

  /** As it lies in memory, little-endian. */
  public byte[] bytes() {
    return Instruction.encode(instructions);
  }

  /** The first version of the instruction set that has everything in it. */
  public CpuVersion needs() {
    return instructions.stream().map(Instruction::needs).reduce(CpuVersion.V1, CpuVersion::or);
  }

  private void checkTargets() {
    for (int i = 0; i < slots.length; i++) {
      OptionalLong target = instructions.get(i).targetFrom(slots[i]);
      if (target.isPresent() && indexAt(target.getAsLong()).isEmpty()) {
        long slot = target.getAsLong();
        throw new BadDataException(
            slot < 0 || slot >= size
                ? "slot %d: leads to slot %d, outside of the program of %d slots"
                    .formatted(slots[i], slot, size)
                : "slot %d: leads to slot %d, the second half of a 64-bit load"
                    .formatted(slots[i], slot));
      }
    }
  }

  @Override
  public String toString() {
    return Disassembler.of(Dialect.LLVM).program(this);
  }
}
