package dev.whatif.ebpf.command;

import dev.whatif.core.failure.WhatifException;
import dev.whatif.core.report.Terminal;
import dev.whatif.ebpf.btf.Btf;
import dev.whatif.ebpf.kernel.KernelLink;
import dev.whatif.ebpf.kernel.KernelMap;
import dev.whatif.ebpf.kernel.KernelProgram;
import dev.whatif.ebpf.kernel.LoadedObject;
import dev.whatif.ebpf.kernel.MapEntries;
import dev.whatif.ebpf.object.BpfObject;
import dev.whatif.ebpf.object.MapDefinition;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Map;

/** What of an object is in the kernel, for people. */
record LoadText(BpfObject object, LoadedObject loaded, PrintWriter out) {

  /** Programs, maps and links with their numbers. */
  void summary() {
    out.println("programs:");
    for (KernelProgram program : loaded.programs().values()) {
      KernelLink link = loaded.links().get(program.name());
      line(
          program.id(),
          program.name(),
          loaded.section(program.name()),
          link == null ? "not attached" : "attached to " + link.place());
    }
    out.println("maps:");
    for (Map.Entry<String, KernelMap> map : loaded.maps().entrySet()) {
      KernelMap m = map.getValue();
      line(
          m.id(),
          map.getKey(),
          m.type().name().toLowerCase(Locale.ROOT),
          "key %d B, value %d B, %s entries"
              .formatted(m.keyBytes(), m.valueBytes(), Integer.toUnsignedString(m.maxEntries())));
    }
    out.println("links:");
    loaded
        .links()
        .forEach((name, link) -> out.printf("  %6d  %s: %s%n", link.id(), name, link.place()));
    out.flush();
  }

  /** The elements of every map that user space may read. */
  void dump() {
    for (MapDefinition definition : object.maps()) {
      KernelMap map = loaded.map(definition.name());
      out.println("map " + Terminal.clean(definition.name()) + ":");
      try {
        for (MapEntries.Entry entry : MapEntries.of(map)) {
          out.println("  " + text(definition, map, entry));
        }
      } catch (WhatifException e) {
        out.println("  (" + e.getMessage() + ")");
      }
    }
    out.flush();
  }

  private String text(MapDefinition definition, KernelMap map, MapEntries.Entry entry) {
    boolean typed = object.btf().isPresent() && !map.type().ofMaps();
    if (!typed) {
      return TypedValue.hex(entry.key()) + ": " + TypedValue.hex(entry.value());
    }
    Btf btf = Btf.parse(object.name(), object.sanitisedBtf());
    String key = TypedValue.of(btf, definition.btfKeyTypeId(), entry.key());
    String value =
        map.type().perCpu()
            ? String.join(
                ", ",
                map.lookupPerCpu(entry.key()).stream()
                    .map(v -> TypedValue.of(btf, definition.btfValueTypeId(), v))
                    .toList())
            : TypedValue.of(btf, definition.btfValueTypeId(), entry.value());
    return Terminal.clean(definition.isData() ? value : key + ": " + value);
  }

  private void line(int id, String name, String kind, String rest) {
    out.printf("  %6d  %-20s  %-28s  %s%n", id, Terminal.clean(name), Terminal.clean(kind), rest);
  }
}
