package dev.whatif.ebpf.object;

import dev.whatif.core.elf.Section;
import dev.whatif.ebpf.btf.Btf;
import dev.whatif.ebpf.btf.BtfBuilder;
import dev.whatif.ebpf.btf.BtfKind;
import dev.whatif.ebpf.btf.BtfType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finishes the BTF of an object: what the compiler left to a linker, and what the kernel wants
 * otherwise than the compiler writes it.
 *
 * <p>As libbpf does (tools/lib/bpf/libbpf.c, {@code btf_fixup_datasec}, {@code
 * bpf_object__collect_externs}): sections get their size and their global variables' offsets;
 * hidden variables become static; externs of {@code .kconfig} and {@code .ksyms} become variables,
 * kernel functions in {@code .ksyms} are replaced by one dummy variable, extern functions become
 * global and their unnamed parameters get a name. Ids and string offsets stay, new ones are behind.
 */
final class BtfFinisher {

  private static final String DUMMY = "dummy_ksym";

  private final ObjectFile file;
  private final Btf btf;
  private final Externs externs;
  private final Map<String, ObjectSymbol> symbols = new HashMap<>();
  private final Map<String, Long> sectionSizes = new HashMap<>();
  private final Set<Integer> kernelProtos = new HashSet<>();
  private final Set<Integer> kernelFunctions = new HashSet<>();
  private final Set<Integer> kernelVariables = new HashSet<>();
  private final Set<Integer> configVariables = new HashSet<>();
  private int intId;
  private int dummyId;

  BtfFinisher(ObjectFile file, Btf btf, Externs externs) {
    this.file = file;
    this.btf = btf;
    this.externs = externs;
    for (ObjectSymbol symbol : file.symbols()) {
      if (!symbol.isLocal() && !symbol.isUndefined()) {
        symbols.putIfAbsent(symbol.name(), symbol);
      }
    }
    for (Section section : file.sections()) {
      sectionSizes.putIfAbsent(section.name(), section.size());
    }
  }

  /** The finished blob. */
  byte[] finish() {
    for (int id = 1; id < btf.size(); id++) {
      if (btf.kind(id) == BtfKind.DATASEC) {
        lookAt((BtfType.DataSec) btf.type(id));
      }
    }
    BtfBuilder out = BtfBuilder.rewriting(btf);
    int next = btf.size();
    boolean needsInt = !kernelVariables.isEmpty() || !kernelFunctions.isEmpty();
    intId = needsInt ? findInt() : 0;
    boolean addsInt = needsInt && intId == 0;
    intId = addsInt ? next++ : intId;
    dummyId = kernelFunctions.isEmpty() ? 0 : next;
    for (int id = 1; id < btf.size(); id++) {
      out.add(finished(btf.type(id)));
    }
    if (addsInt) {
      out.add(new BtfType.Int(intId, "int", 4, BtfType.Int.SIGNED, 0, 32));
    }
    if (dummyId != 0) {
      out.add(new BtfType.Var(dummyId, DUMMY, intId, BtfType.Var.GLOBAL));
    }
    return out.bytes();
  }

  private void lookAt(BtfType.DataSec section) {
    boolean kernel = section.name().equals(Externs.KERNEL_SYMBOLS);
    if (!kernel && !section.name().equals(Externs.CONFIG)) {
      return;
    }
    for (BtfType.Placement p : section.variables()) {
      if (!kernel) {
        configVariables.add(p.type());
      } else if (btf.type(p.type()) instanceof BtfType.Func function) {
        kernelFunctions.add(p.type());
        kernelProtos.add(function.proto());
      } else {
        kernelVariables.add(p.type());
      }
    }
  }

  private BtfType finished(BtfType type) {
    return switch (type) {
      case BtfType.DataSec section -> section(section);
      case BtfType.FuncProto proto when kernelProtos.contains(proto.id()) ->
          new BtfType.FuncProto(
              proto.id(),
              proto.result(),
              proto.parameters().stream()
                  .map(p ->
                      p.type() != 0 && p.name().isEmpty()
                          ? new BtfType.Parameter(DUMMY, p.type())
                          : p)
                  .toList());
      case BtfType.Func f when kernelFunctions.contains(f.id()) ->
          new BtfType.Func(f.id(), f.name(), f.proto(), BtfType.Func.GLOBAL);
      case BtfType.Func f when f.linkage() == BtfType.Func.GLOBAL && isHidden(f.name()) ->
          new BtfType.Func(f.id(), f.name(), f.proto(), BtfType.Func.STATIC);
      case BtfType.Var v when kernelVariables.contains(v.id()) ->
          new BtfType.Var(v.id(), v.name(), intId, BtfType.Var.GLOBAL);
      case BtfType.Var v when configVariables.contains(v.id()) ->
          new BtfType.Var(v.id(), v.name(), v.type(), BtfType.Var.GLOBAL);
      case BtfType.Var v when v.linkage() == BtfType.Var.GLOBAL && isHidden(v.name()) ->
          new BtfType.Var(v.id(), v.name(), v.type(), BtfType.Var.STATIC);
      default -> type;
    };
  }

  private BtfType.DataSec section(BtfType.DataSec section) {
    if (section.name().equals(Externs.KERNEL_SYMBOLS)) {
      List<BtfType.Placement> ints = new ArrayList<>();
      for (BtfType.Placement p : section.variables()) {
        int type = kernelFunctions.contains(p.type()) ? dummyId : p.type();
        ints.add(new BtfType.Placement(type, ints.size() * 4, 4));
      }
      return new BtfType.DataSec(section.id(), section.name(), ints.size() * 4, ints);
    }
    if (section.name().equals(Externs.CONFIG)) {
      return sorted(
          section,
          externs.configBytes(),
          p -> externs.config(btf.name(p.type())).map(ConfigExtern::offset).orElse(p.offset()));
    }
    if (section.size() != 0) {
      return sorted(section, section.size(), BtfType.Placement::offset); // a linker did it
    }
    long size = sectionSizes.getOrDefault(section.name(), 0L);
    if (size < 0 || size > DataSection.MAX_BYTES) {
      throw file.bad(section.name(), 0, "0x%x bytes of data".formatted(size));
    }
    return sorted(section, (int) size, this::offset);
  }

  /** Clang writes the offsets of static variables only. */
  private int offset(BtfType.Placement p) {
    if (btf.type(p.type()) instanceof BtfType.Var v && v.linkage() == BtfType.Var.GLOBAL) {
      ObjectSymbol symbol = symbols.get(v.name());
      if (symbol == null || symbol.value() < 0 || symbol.value() > DataSection.MAX_BYTES) {
        throw btf.bad(p.type(), "has no symbol that says where it lies");
      }
      return (int) symbol.value();
    }
    return p.offset();
  }

  private static BtfType.DataSec sorted(
      BtfType.DataSec section,
      int size,
      java.util.function.ToIntFunction<BtfType.Placement> offset) {
    List<BtfType.Placement> placed = new ArrayList<>();
    for (BtfType.Placement p : section.variables()) {
      placed.add(new BtfType.Placement(p.type(), offset.applyAsInt(p), p.size()));
    }
    placed.sort(Comparator.comparingInt(BtfType.Placement::offset));
    return new BtfType.DataSec(section.id(), section.name(), size, List.copyOf(placed));
  }

  private boolean isHidden(String name) {
    ObjectSymbol symbol = symbols.get(name);
    return symbol != null && symbol.isHidden();
  }

  private int findInt() {
    for (int id = 1; id < btf.size(); id++) {
      if (btf.kind(id) == BtfKind.INT && ((BtfType.Int) btf.type(id)).bits() == 32) {
        return id;
      }
    }
    return 0;
  }
}
