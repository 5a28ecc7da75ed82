package dev.whatif.core.command;

import dev.whatif.core.capability.Capability;
import dev.whatif.core.capability.CapabilityState;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Entering a process needs room of several kinds, and nearly every process has all of it: kinds
 * with which nothing is wrong become one row, where the first of them was.
 */
final class EntryRows {

  /** What they are called in the rows, and beside each other. */
  private static final Map<String, String> ROOM = new LinkedHashMap<>();

  static {
    ROOM.put("executable memory", "executable memory");
    ROOM.put("its open files", "open files");
    ROOM.put("its address space", "addresses");
    ROOM.put("vdso", "vdso");
  }

  private EntryRows() {}

  /** The rows with the good ones of these folded. */
  static List<Capability> folded(List<Capability> rows) {
    List<Capability> good = rows.stream().filter(EntryRows::isPlainlyGood).toList();
    if (good.size() < 2) {
      return rows;
    }
    List<String> names = good.stream().map(r -> ROOM.get(r.name())).toList();
    Capability one =
        Capability.ok(
            "room to enter",
            String.join(", ", names) + " (each: --verbose)",
            good.getFirst().neededBy());
    List<Capability> folded = new ArrayList<>(rows);
    folded.set(folded.indexOf(good.getFirst()), one);
    folded.removeAll(good);
    return folded;
  }

  /** A namespace of its own is worth a word. */
  private static boolean isPlainlyGood(Capability row) {
    return row.state() == CapabilityState.OK
        && ROOM.containsKey(row.name())
        && !Boolean.TRUE.equals(row.facts().get("ownPidNamespace"));
  }
}
