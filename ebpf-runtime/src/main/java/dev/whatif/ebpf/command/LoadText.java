package dev.whatif.ebpf.command;

import dev.whatif.core.failure.WhatifException;
import dev.whatif.core.report.Terminal;
import dev.whatif.ebpf.kernel.KernelLink;
import dev.whatif.ebpf.kernel.KernelMap;
import dev.whatif.ebpf.kernel.KernelProgram;
import dev.whatif.ebpf.kernel.LoadedObject;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** What of an object is in the kernel, for people: with the numbers by which bpftool knows it. */
record LoadText(LoadedObject loaded, Attachments attachments, Terminal terminal, PrintWriter out) {

  /** Programs with their places, then maps. */
  void summary() {
    List<List<String>> programs = new ArrayList<>();
    programs.add(row("id", "program", "section", "attached"));
    for (KernelProgram program : loaded.programs().values()) {
      String name = program.name();
      programs.add(row("" + program.id(), name, loaded.section(name), place(name)));
    }
    table(programs, Set.of(0));
    List<List<String>> maps = new ArrayList<>();
    maps.add(row("id", "map", "type", "key", "value", "entries"));
    for (Map.Entry<String, KernelMap> map : loaded.maps().entrySet()) {
      KernelMap m = map.getValue();
      maps.add(
          row(
              "" + m.id(),
              map.getKey(),
              m.type().name().toLowerCase(Locale.ROOT) + registration(map.getKey()),
              m.keyBytes() + " B",
              m.valueBytes() + " B",
              String.format(Locale.ROOT, "%,d", Integer.toUnsignedLong(m.maxEntries()))));
    }
    if (maps.size() > 1) {
      out.println();
      table(maps, Set.of(0, 3, 4, 5));
    }
    out.println();
    out.println("Nothing is pinned: all of it is gone when this command ends. Look at it with");
    loaded.programs().values().stream()
        .findFirst()
        .ifPresent(p -> out.println("  bpftool prog show id " + p.id()));
    loaded.maps().values().stream()
        .findFirst()
        .ifPresent(m -> out.println("  bpftool map dump id " + m.id()));
    out.flush();
  }

  private static List<String> row(String... cells) {
    return new ArrayList<>(List.of(cells));
  }

  private String place(String program) {
    KernelLink link = loaded.links().get(program);
    WhatifException failure = attachments.failures().get(program);
    if (link != null) {
      return link.place() + (link.id() == 0 ? "" : ", link " + link.id());
    }
    return failure == null ? Attachments.reason(loaded.kind(program)) : "no: see the message";
  }

  private String registration(String map) {
    KernelLink link = loaded.links().get(map);
    return link == null ? "" : ", registered, link " + link.id();
  }

  /** The last column is as long as it is. */
  private void table(List<List<String>> rows, Set<Integer> right) {
    int columns = rows.getFirst().size();
    for (int i = 0; i < columns; i++) {
      int column = i;
      int width = rows.stream().mapToInt(r -> r.get(column).length()).max().orElse(0);
      for (List<String> row : rows) {
        String cell = Terminal.clean(row.get(i));
        row.set(
            i,
            right.contains(i)
                ? Terminal.right(cell, width)
                : i == columns - 1 ? cell : Terminal.left(cell, width));
      }
    }
    for (int i = 0; i < rows.size(); i++) {
      String line = String.join("  ", rows.get(i));
      out.println(i == 0 ? terminal.strong(line) : line);
    }
  }
}
