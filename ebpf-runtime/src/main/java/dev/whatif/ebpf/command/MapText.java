package dev.whatif.ebpf.command;

import dev.whatif.core.failure.WhatifException;
import dev.whatif.core.report.Terminal;
import dev.whatif.ebpf.btf.Btf;
import dev.whatif.ebpf.btf.BtfType;
import dev.whatif.ebpf.kernel.KernelMap;
import dev.whatif.ebpf.kernel.LoadedObject;
import dev.whatif.ebpf.kernel.MapEntries;
import dev.whatif.ebpf.object.BpfObject;
import dev.whatif.ebpf.object.MapDefinition;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The elements of maps, by their C types where the object tells them. */
final class MapText {

  private final BpfObject object;
  private final PrintWriter out;
  private final Optional<Btf> types;

  MapText(BpfObject object, PrintWriter out) {
    this.object = object;
    this.out = out;
    // the kernel's view of the types: data sections have offsets there
    this.types = object.btf().map(b -> Btf.parse(object.name(), object.sanitisedBtf()));
  }

  /** Every map that user space may read. */
  void dump(LoadedObject loaded) {
    for (MapDefinition definition : object.maps()) {
      KernelMap map = loaded.map(definition.name());
      out.println("map " + Terminal.clean(definition.name()) + ":");
      try {
        List<MapEntries.Entry> entries = inOrder(definition, MapEntries.of(map));
        entries.forEach(entry -> out.println("  " + text(definition, map, entry)));
        if (entries.isEmpty()) {
          out.println("  (empty)");
        }
      } catch (WhatifException e) {
        out.println("  (" + e.getMessage() + ")");
      }
    }
    out.flush();
  }

  /** Hashes have none: numbers are read best in theirs. */
  private List<MapEntries.Entry> inOrder(MapDefinition definition, List<MapEntries.Entry> entries) {
    int keyType = definition.btfKeyTypeId();
    if (types.isEmpty() || keyType == 0) {
      return entries;
    }
    Btf btf = types.get();
    if (!(btf.type(btf.resolve(keyType)) instanceof BtfType.Int number)
        || number.size() > Long.BYTES) {
      return entries;
    }
    boolean signed = number.isSigned();
    List<MapEntries.Entry> sorted = new ArrayList<>(entries);
    sorted.sort(
        Comparator.comparing(
            e -> TypedValue.word(e.key(), signed), signed ? Long::compare : Long::compareUnsigned));
    return sorted;
  }

  private String text(MapDefinition definition, KernelMap map, MapEntries.Entry entry) {
    if (types.isEmpty() || map.type().ofMaps()) {
      return TypedValue.hex(entry.key()) + ": " + TypedValue.hex(entry.value());
    }
    Btf btf = types.get();
    int valueType = definition.btfValueTypeId();
    String key = TypedValue.of(btf, definition.btfKeyTypeId(), entry.key());
    String value =
        map.type().perCpu()
            ? map.lookupPerCpu(entry.key()).stream()
                .map(v -> TypedValue.of(btf, valueType, v))
                .collect(Collectors.joining(", ", "per CPU: ", ""))
            : TypedValue.of(btf, valueType, entry.value());
    return Terminal.clean(definition.isData() ? value : key + ": " + value);
  }
}
