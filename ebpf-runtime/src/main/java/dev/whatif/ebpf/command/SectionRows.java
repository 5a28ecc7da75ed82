package dev.whatif.ebpf.command;

import dev.whatif.core.failure.BadDataException;
import dev.whatif.ebpf.btf.LineInfo;
import dev.whatif.ebpf.isa.Dialect;
import dev.whatif.ebpf.isa.Disassembler;
import dev.whatif.ebpf.isa.Instruction;
import dev.whatif.ebpf.isa.Slot;
import dev.whatif.ebpf.object.CodeLabel;
import dev.whatif.ebpf.object.CodeListing;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A section, instruction by instruction. */
record SectionRows(CodeListing listing, List<CodeRow> rows) {

  /** Reads a section; what is no instruction becomes a row with a problem, one slot long. */
  static SectionRows of(CodeListing listing, Dialect dialect, HelperNames helpers) {
    Disassembler disassembler = Disassembler.of(dialect);
    Map<Integer, List<CodeLabel>> labels = new HashMap<>();
    listing.labels().forEach(l -> labels.computeIfAbsent(l.slot(), _ -> new ArrayList<>()).add(l));
    Map<Integer, LineInfo> lines = new HashMap<>();
    listing.lines().forEach(l -> lines.putIfAbsent(l.slot(), l));
    List<CodeRow> rows = new ArrayList<>();
    byte[] code = listing.code();
    for (int slot = 0; slot < code.length / Slot.BYTES; ) {
      Instruction instruction = null;
      String text = "<unknown>";
      String problem = null;
      int slots = 1;
      try {
        instruction = Instruction.at(code, slot);
        slots = instruction.slots();
        text = disassembler.text(instruction, slot, listing::place);
      } catch (BadDataException e) {
        problem = e.getMessage();
      }
      rows.add(
          new CodeRow(
              slot,
              Arrays.copyOfRange(code, slot * Slot.BYTES, (slot + slots) * Slot.BYTES),
              instruction,
              text,
              problem,
              labels.getOrDefault(slot, List.of()),
              reference(listing, instruction, slot),
              instruction instanceof Instruction.CallHelper call
                  ? helpers.name(call.id()).orElse(null)
                  : null,
              lines.get(slot)));
      slot += slots;
    }
    return new SectionRows(listing, rows);
  }

  private static @Nullable String reference(
      CodeListing listing, @Nullable Instruction instruction, int slot) {
    String reference = listing.references().get(slot);
    if (reference == null && instruction instanceof Instruction.CallLocal call) {
      return call.targetFrom(slot).stream()
          .boxed()
          .findFirst()
          .flatMap(listing::place)
          .orElse(null);
    }
    return reference;
  }

  /** The rows that are no instructions. */
  List<CodeRow> problems() {
    return rows.stream().filter(r -> r.problem() != null).toList();
  }
}
