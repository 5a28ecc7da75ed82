package dev.whatif.ebpf.isa;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * Instructions as text, in one of the dialects. What it writes for whole programs, {@link
 * Assembler} reads back to the same bytes. Immutable, thread-safe.
 */
public final class Disassembler {

  /** Names slots, for the {@code <...>} behind a jump. */
  @FunctionalInterface
  public interface SlotNames {
    /** The name of a slot, such as {@code main+0x10}; empty when it has none. */
    Optional<String> nameOf(long slot);
  }

  private static final Targets OFFSETS_ONLY = (_, offset) -> offset;

  private final InstructionText style;

  private Disassembler(InstructionText style) {
    this.style = style;
  }

  /** The disassembler of a dialect. */
  public static Disassembler of(Dialect dialect) {
    return new Disassembler(
        switch (dialect) {
          case CONFORMANCE -> new ConformanceText();
          case LLVM -> new LlvmText(true);
          case LLVM_14 -> new LlvmText(false);
        });
  }

  /** One instruction; jumps say how many slots they skip. */
  public String text(Instruction instruction) {
    return style.text(instruction, OFFSETS_ONLY);
  }

  /**
   * One instruction, with names behind the offsets of jumps: {@code goto +0x3 <main+0x20>}.
   *
   * @param slot where the instruction begins
   */
  public String text(Instruction instruction, int slot, SlotNames names) {
    return style.text(
        instruction,
        (target, offset) -> {
          boolean jumps = !(target instanceof Instruction.CallLocal);
          OptionalLong to = target.targetFrom(slot);
          return jumps && to.isPresent()
              ? names.nameOf(to.getAsLong()).map(n -> offset + " <" + n + ">").orElse(offset)
              : offset;
        });
  }

  /**
   * A whole program, a line for each instruction, with labels where it jumps to; ends with a line
   * feed.
   */
  public String program(Code code) {
    TreeMap<Long, String> labels = new TreeMap<>();
    for (int i = 0; i < code.instructions().size(); i++) {
      Instruction instruction = code.instructions().get(i);
      OptionalLong target = instruction.targetFrom(code.slotOf(i));
      boolean byLabel = !(instruction instanceof Instruction.LoadReference);
      if (byLabel && target.isPresent() && code.indexAt(target.getAsLong()).isPresent()) {
        labels.put(target.getAsLong(), "L" + target.getAsLong());
      }
    }
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < code.instructions().size(); i++) {
      int slot = code.slotOf(i);
      String label = labels.get((long) slot);
      if (label != null) {
        text.append(label).append(":\n");
      }
      Targets targets =
          (instruction, offset) ->
              labels.getOrDefault(instruction.targetFrom(slot).orElse(-1), offset);
      text.append("  ").append(style.text(code.instructions().get(i), targets)).append('\n');
    }
    return text.toString();
  }
}
