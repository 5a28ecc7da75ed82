package dev.whatif.ebpf.isa;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes code instruction by instruction, with labels for places not yet reached; handed out by
 * {@link Code#build}. 64-bit operations have short names here; everything else is written by {@link
 * #add}. Not thread-safe.
 */
public final class CodeBuilder {

  /** An instruction, whose offset is still open when it has a target. */
  private record Item(Instruction instruction, int slot, @Nullable Label target) {}

  private final List<Item> items = new ArrayList<>();
  private int slot;

  CodeBuilder() {}

  /** A new label, to be bound once; the name is for messages. */
  public Label label(String name) {
    return new Label(name);
  }

  /** Says that a label means the next instruction. */
  public CodeBuilder bind(Label label) {
    label.bind(slot);
    return this;
  }

  /** The slot where the next instruction begins. */
  public int slot() {
    return slot;
  }

  /** Any instruction. */
  public CodeBuilder add(Instruction instruction) {
    return add(instruction, null);
  }

  /** A jump, branch, local call or function address whose offset is to lead to a label. */
  public CodeBuilder add(Instruction instruction, @Nullable Label target) {
    items.add(new Item(instruction, slot, target));
    slot += instruction.slots();
    return this;
  }

  /** {@code dst = src}. */
  public CodeBuilder move(Register dst, Register src) {
    return add(new Instruction.Move(Width.W64, dst, src));
  }

  /** {@code dst = value}, the sign extended. */
  public CodeBuilder move(Register dst, int value) {
    return add(new Instruction.Move(Width.W64, dst, new Immediate(value)));
  }

  /** {@code dst = value} of 64 bits. */
  public CodeBuilder load64(Register dst, long value) {
    return add(new Instruction.LoadImmediate(dst, value));
  }

  /** {@code dst =} the map of a file descriptor. */
  public CodeBuilder loadMap(Register dst, int fd) {
    return add(new Instruction.LoadReference(dst, ReferenceKind.MAP, fd, 0));
  }

  /** {@code dst =} the address of a byte in the first value of the map of a file descriptor. */
  public CodeBuilder loadMapValue(Register dst, int fd, int offset) {
    return add(new Instruction.LoadReference(dst, ReferenceKind.MAP_VALUE, fd, offset));
  }

  /** {@code dst = dst operator src}. */
  public CodeBuilder alu(AluOperator operator, Register dst, Register src) {
    return add(new Instruction.Alu(Width.W64, operator, dst, src));
  }

  /** {@code dst = dst operator value}. */
  public CodeBuilder alu(AluOperator operator, Register dst, int value) {
    return add(new Instruction.Alu(Width.W64, operator, dst, new Immediate(value)));
  }

  /** {@code dst = *(base + offset)}. */
  public CodeBuilder load(MemorySize size, Register dst, Register base, int offset) {
    return add(new Instruction.Load(size, false, dst, base, fits(offset)));
  }

  /** {@code *(base + offset) = src}. */
  public CodeBuilder store(MemorySize size, Register base, int offset, Register src) {
    return add(new Instruction.Store(size, base, fits(offset), src));
  }

  /** {@code *(base + offset) = value}. */
  public CodeBuilder store(MemorySize size, Register base, int offset, int value) {
    return add(new Instruction.Store(size, base, fits(offset), new Immediate(value)));
  }

  /** {@code goto label}. */
  public CodeBuilder jump(Label label) {
    return add(new Instruction.Jump(false, 0), label);
  }

  /** {@code if dst condition src goto label}. */
  public CodeBuilder branch(Condition condition, Register dst, Register src, Label label) {
    return add(new Instruction.Branch(Width.W64, condition, dst, src, (short) 0), label);
  }

  /** {@code if dst condition value goto label}. */
  public CodeBuilder branch(Condition condition, Register dst, int value, Label label) {
    Immediate immediate = new Immediate(value);
    return add(new Instruction.Branch(Width.W64, condition, dst, immediate, (short) 0), label);
  }

  /** Calls a helper by its number ({@code BPF_FUNC_*} in include/uapi/linux/bpf.h). */
  public CodeBuilder callHelper(int id) {
    return add(new Instruction.CallHelper(id));
  }

  /** Calls a function of this program. */
  public CodeBuilder callLocal(Label label) {
    return add(new Instruction.CallLocal(0), label);
  }

  /** Returns. */
  public CodeBuilder exit() {
    return add(new Instruction.Exit());
  }

  Code build() {
    List<Instruction> instructions = new ArrayList<>(items.size());
    for (Item item : items) {
      instructions.add(item.target == null ? item.instruction : resolved(item, item.target));
    }
    return Code.of(instructions);
  }

  private static Instruction resolved(Item item, Label target) {
    if (!target.isBound()) {
      throw new IllegalArgumentException("label " + target.name() + " is nowhere");
    }
    int offset = target.slot() - item.slot - 1;
    return switch (item.instruction) {
      case Instruction.Jump(boolean wide, _) ->
          new Instruction.Jump(wide, wide ? offset : reachable(offset, target));
      case Instruction.Branch(var width, var condition, var dst, var src, _) ->
          new Instruction.Branch(width, condition, dst, src, reachable(offset, target));
      case Instruction.CallLocal _ -> new Instruction.CallLocal(offset);
      case Instruction.LoadReference(var dst, var kind, _, _) when kind == ReferenceKind.FUNCTION ->
          new Instruction.LoadReference(dst, kind, offset, 0);
      default -> throw new IllegalArgumentException(item.instruction + " leads to no label");
    };
  }

  private static short reachable(int offset, Label label) {
    if (offset != (short) offset) {
      throw new IllegalArgumentException(
          "label %s is %d slots away, too far for a 16-bit jump; use a wide one (gotol, ja32)"
              .formatted(label.name(), offset));
    }
    return (short) offset;
  }

  private static short fits(int offset) {
    if (offset != (short) offset) {
      throw new IllegalArgumentException("offset " + offset + " does not fit into 16 bits");
    }
    return (short) offset;
  }
}
