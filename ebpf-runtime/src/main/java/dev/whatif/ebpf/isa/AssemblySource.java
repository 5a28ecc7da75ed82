package dev.whatif.ebpf.isa;

import dev.whatif.core.failure.BadDataException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** What was read of a text so far: code, and labels with the place of their first use. */
final class AssemblySource {

  /** A use of a label, for the message when it is nowhere. */
  private record Use(Label label, AssemblyLine line, int column) {}

  private final String name;
  private final CodeBuilder builder = new CodeBuilder();
  private final Map<String, Label> labels = new HashMap<>();
  private final Map<String, Use> uses = new LinkedHashMap<>();

  private int exit = Label.UNBOUND;

  AssemblySource(String name) {
    this.name = name;
  }

  void add(Instruction instruction) {
    builder.add(instruction);
  }

  /** Adds an instruction that leads to a name. */
  void add(Instruction instruction, String target, AssemblyLine line, int column) {
    Label label = labels.computeIfAbsent(target, builder::label);
    uses.putIfAbsent(target, new Use(label, line, column));
    builder.add(instruction, label);
  }

  /** Says that a name means the next instruction; false when it means another already. */
  boolean define(String label) {
    Label known = labels.computeIfAbsent(label, builder::label);
    if (known.isBound()) {
      return false;
    }
    builder.bind(known);
    return true;
  }

  /** The next instruction is what {@code exit} means where no label says otherwise. */
  void rememberExit() {
    exit = builder.slot();
  }

  Code finish() {
    Label implicit = labels.get("exit");
    if (implicit != null && !implicit.isBound() && exit != Label.UNBOUND) {
      implicit.bind(exit);
    }
    uses.forEach((label, use) -> {
      if (!use.label.isBound()) {
        throw use.line.error(
            use.column,
            "there is no label '" + label + "'",
            "write '" + label + ":' before an instruction, or a number of slots such as +3");
      }
    });
    if (builder.slot() == 0) {
      throw new BadDataException(
          name + ": there is no instruction in it", "the shortest program is: exit");
    }
    try {
      return builder.build();
    } catch (IllegalArgumentException e) {
      throw new BadDataException(name + ": " + e.getMessage(), null, e);
    }
  }
}
