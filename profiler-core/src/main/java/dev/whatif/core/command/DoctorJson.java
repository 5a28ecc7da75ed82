package dev.whatif.core.command;

import dev.whatif.core.capability.Capability;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Doctor's rows for scripts. */
final class DoctorJson {

  private static final String SCHEMA = "whatif.doctor/1";

  private DoctorJson() {}

  static String of(@Nullable Integer pid, List<Capability> machine, List<Capability> process) {
    JsonMapper mapper = new JsonMapper();
    ObjectNode root = mapper.createObjectNode();
    root.put("schema", SCHEMA);
    rows(root.putArray("machine"), machine);
    if (pid != null) {
      root.put("pid", pid);
      rows(root.putArray("process"), process);
    }
    return mapper.writerWithDefaultPrettyPrinter().writeValueAsString(root);
  }

  private static void rows(ArrayNode array, List<Capability> rows) {
    for (Capability row : rows) {
      ObjectNode node = array.addObject();
      node.put("name", row.name());
      node.put("state", row.state().text());
      node.put("finding", row.finding());
      if (row.remedy() != null) {
        node.put("remedy", row.remedy());
      }
      node.put("neededBy", row.neededBy());
      ObjectNode facts = node.putObject("facts");
      row.facts().forEach(facts::putPOJO);
    }
  }
}
