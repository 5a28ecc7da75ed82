package dev.whatif.ebpf.command;

import dev.whatif.ebpf.btf.LineInfo;
import dev.whatif.ebpf.isa.Instruction;
import dev.whatif.ebpf.isa.Slot;
import dev.whatif.ebpf.object.CodeLabel;
import dev.whatif.ebpf.object.CodeListing;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Code for scripts. */
final class DisasmJson {

  static final String SCHEMA = "whatif.bpf.disasm/1";

  private DisasmJson() {}

  static String of(String file, List<SectionRows> sections) {
    JsonMapper mapper = new JsonMapper();
    ObjectNode root = mapper.createObjectNode();
    root.put("schema", SCHEMA);
    root.put("file", file);
    ArrayNode array = root.putArray("sections");
    for (SectionRows section : sections) {
      section(array.addObject(), section);
    }
    return mapper.writerWithDefaultPrettyPrinter().writeValueAsString(root);
  }

  private static void section(ObjectNode node, SectionRows section) {
    CodeListing listing = section.listing();
    node.put("name", listing.section());
    node.put("slots", listing.code().length / Slot.BYTES);
    ArrayNode functions = node.putArray("functions");
    for (CodeLabel label : listing.labels()) {
      if (label.function()) {
        functions
            .addObject()
            .put("name", label.name())
            .put("slot", label.slot())
            .put("slots", label.slots());
      }
    }
    ArrayNode instructions = node.putArray("instructions");
    for (CodeRow row : section.rows()) {
      instruction(instructions.addObject(), row, listing);
    }
  }

  private static void instruction(ObjectNode node, CodeRow row, CodeListing listing) {
    node.put("slot", row.slot());
    node.put("bytes", HexFormat.of().formatHex(row.bytes()));
    node.put("text", row.text());
    Instruction instruction = row.instruction();
    if (instruction != null) {
      node.put("needs", instruction.needs().name().toLowerCase(Locale.ROOT));
      OptionalLong target = instruction.targetFrom(row.slot());
      // A relocation decides where else a call goes.
      if (target.isPresent() && !listing.references().containsKey(row.slot())) {
        node.put("targetSlot", target.getAsLong());
      }
    }
    if (row.problem() != null) {
      node.put("problem", row.problem());
    }
    if (row.reference() != null) {
      node.put("reference", row.reference());
    }
    if (row.helper() != null) {
      node.put("helper", row.helper());
    }
    LineInfo source = row.source();
    if (source != null) {
      node.putObject("source")
          .put("file", source.file())
          .put("line", source.line())
          .put("column", source.column())
          .put("text", source.text().strip());
    }
  }
}
