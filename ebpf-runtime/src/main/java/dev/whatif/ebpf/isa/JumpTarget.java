package dev.whatif.ebpf.isa;

/** Reads where a jump or a local call leads: a number of slots, or a label. */
final class JumpTarget {

  private JumpTarget() {}

  /** Adds an instruction whose offset comes next in the line. */
  static void read(AssemblyLine line, Instruction open, AssemblySource source) {
    int column = line.column();
    String label = line.peekWord();
    if (!label.isEmpty()) {
      line.expect(label);
      source.add(open, label, line, column);
      return;
    }
    source.add(
        switch (open) {
          case Instruction.Jump(boolean wide, _) ->
              new Instruction.Jump(wide, wide ? line.signed32() : line.signed16());
          case Instruction.Branch(var width, var condition, var dst, var src, _) ->
              new Instruction.Branch(width, condition, dst, src, line.signed16());
          case Instruction.CallLocal _ -> new Instruction.CallLocal(line.signed32());
          default -> throw new IllegalArgumentException(open + " leads nowhere");
        });
  }
}
