package dev.whatif.ebpf.object;

import dev.whatif.core.elf.Section;
import dev.whatif.ebpf.btf.BtfExt;
import dev.whatif.ebpf.btf.CodeRecord;
import dev.whatif.ebpf.btf.CoreRelocation;
import dev.whatif.ebpf.btf.FuncInfo;
import dev.whatif.ebpf.btf.LineInfo;
import dev.whatif.ebpf.isa.Slot;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A section of code: its functions, cut by their symbols, and what is known of its slots. */
final class CodeSection {

  private final ObjectFile file;
  private final int index;
  private final String name;
  private final byte[] code;
  private final TreeMap<Integer, Function> functions = new TreeMap<>();
  private final List<Function> inOrder = new ArrayList<>();
  private final Map<Integer, ObjectRelocation> relocations = new HashMap<>();
  private final List<FuncInfo> types;
  private final List<LineInfo> lines;
  private final List<CoreRelocation> cores;

  CodeSection(ObjectFile file, int index, @Nullable BtfExt ext) {
    this.file = file;
    this.index = index;
    Section section = file.sections().get(index);
    this.name = section.name();
    this.code = file.bytes(section);
    file.functions(index).forEach(this::add);
    for (ObjectRelocation relocation : file.relocations(index)) {
      long at = relocation.offset();
      if (at < 0 || at % Slot.BYTES != 0 || at >= code.length) {
        throw file.bad(name, at, "a relocation that is at no instruction");
      }
      relocations.put((int) (at / Slot.BYTES), relocation);
    }
    this.types = ext == null ? List.of() : sorted(ext.functions(name));
    this.lines = ext == null ? List.of() : sorted(ext.lines(name));
    this.cores = ext == null ? List.of() : sorted(ext.relocations(name));
  }

  ObjectFile file() {
    return file;
  }

  int index() {
    return index;
  }

  String name() {
    return name;
  }

  byte[] code() {
    return code;
  }

  /** Its functions in the order of their symbols, aliases included. */
  List<Function> functions() {
    return inOrder;
  }

  /** The function that begins at a slot. */
  Optional<Function> functionAt(long slot) {
    return slot < 0 || slot > Integer.MAX_VALUE
        ? Optional.empty()
        : Optional.ofNullable(functions.get((int) slot));
  }

  @Nullable ObjectRelocation relocationAt(int slot) {
    return relocations.get(slot);
  }

  List<FuncInfo> types(Function function) {
    return within(types, function);
  }

  List<LineInfo> lines(Function function) {
    return within(lines, function);
  }

  List<CoreRelocation> cores(Function function) {
    return within(cores, function);
  }

  private void add(ObjectSymbol symbol) {
    long start = symbol.value();
    long size = symbol.size();
    if (start < 0
        || size <= 0
        || start % Slot.BYTES != 0
        || size % Slot.BYTES != 0
        || start > code.length - size) {
      throw file.bad(
          name,
          start,
          "function '%s' of 0x%x bytes is no part of 0x%x bytes of instructions"
              .formatted(symbol.name(), size, code.length));
    }
    Function function =
        new Function(
            symbol.name(), this, (int) (start / Slot.BYTES), (int) (size / Slot.BYTES), symbol);
    inOrder.add(function);
    functions.putIfAbsent(function.start(), function);
  }

  private static <T extends CodeRecord<T>> List<T> sorted(List<T> records) {
    return records.stream()
        .sorted(Comparator.comparingInt(CodeRecord<T>::instructionOffset))
        .toList();
  }

  private static <T extends CodeRecord<T>> List<T> within(List<T> records, Function function) {
    return records.subList(
        firstFrom(records, function.start() * Slot.BYTES),
        firstFrom(records, function.end() * Slot.BYTES));
  }

  private static <T extends CodeRecord<T>> int firstFrom(List<T> records, int offset) {
    int low = 0;
    int high = records.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (records.get(middle).instructionOffset() < offset) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
