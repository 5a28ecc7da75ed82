package dev.whatif.ebpf.object;

import dev.whatif.core.elf.Section;
import dev.whatif.ebpf.btf.Btf;
import dev.whatif.ebpf.btf.BtfKind;
import dev.whatif.ebpf.btf.BtfType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * The variables of struct_ops sections (libbpf, {@code init_struct_ops_maps} and {@code
 * bpf_object__collect_st_ops_relos}).
 */
final class StructOpsReader {

  private static final String PLAIN = ".struct_ops";
  private static final String LINK = ".struct_ops.link";

  private final ObjectFile file;
  private final Btf btf;
  private final Predicate<ObjectSymbol> isCode;

  /**
   * A reader.
   *
   * @param btf finished: offsets of variables are known
   */
  StructOpsReader(ObjectFile file, Btf btf, Predicate<ObjectSymbol> isCode) {
    this.file = file;
    this.btf = btf;
    this.isCode = isCode;
  }

  List<StructOpsDefinition> read() {
    List<StructOpsDefinition> found = new ArrayList<>();
    for (int i = 0; i < file.sections().size(); i++) {
      Section section = file.sections().get(i);
      String name = section.name().startsWith("?") ? section.name().substring(1) : section.name();
      OptionalInt id = btf.find(BtfKind.DATASEC, section.name());
      if ((name.equals(PLAIN) || name.equals(LINK))
          && section.type() == Section.SHT_PROGBITS
          && id.isPresent()) {
        byte[] bytes = file.bytes(section);
        BtfType.DataSec variables = (BtfType.DataSec) btf.type(id.getAsInt());
        TreeMap<Long, ObjectRelocation> relocations = new TreeMap<>();
        file.relocations(i).forEach(r -> relocations.put(r.offset(), r));
        long end = 0;
        for (BtfType.Placement p : variables.variables()) {
          if (p.offset() < end) {
            throw file.bad(section.name(), p.offset(), "two variables in one place");
          }
          StructOpsDefinition definition =
              definition(
                  section.name(),
                  relocations,
                  bytes,
                  p,
                  name.equals(LINK),
                  name.equals(section.name()));
          end = p.offset() + (long) definition.initialValue().length;
          found.add(definition);
        }
      }
    }
    return List.copyOf(found);
  }

  private StructOpsDefinition definition(
      String where,
      TreeMap<Long, ObjectRelocation> relocations,
      byte[] bytes,
      BtfType.Placement p,
      boolean link,
      boolean automatic) {
    if (!(btf.type(p.type()) instanceof BtfType.Var variable)
        || !(btf.type(btf.resolve(variable.type())) instanceof BtfType.Struct struct)) {
      throw btf.bad(p.type(), "is no struct of functions for the kernel");
    }
    if (p.offset() < 0 || struct.size() < 0 || p.offset() > bytes.length - struct.size()) {
      throw file.bad(where, p.offset(), "'" + variable.name() + "' is not within the section");
    }
    List<StructOpsDefinition.MemberFunction> functions = new ArrayList<>();
    long end = p.offset() + (long) struct.size();
    for (ObjectRelocation r : relocations.subMap((long) p.offset(), end).values()) {
      functions.add(function(where, struct, r.offset() - p.offset(), r));
    }
    return new StructOpsDefinition(
        variable.name(),
        struct.id(),
        struct.name(),
        Arrays.copyOfRange(bytes, p.offset(), p.offset() + struct.size()),
        List.copyOf(functions),
        link,
        automatic);
  }

  private StructOpsDefinition.MemberFunction function(
      String where, BtfType.Struct struct, long inside, ObjectRelocation relocation) {
    ObjectSymbol symbol = relocation.symbol();
    for (int i = 0; i < struct.members().size(); i++) {
      BtfType.Member member = struct.members().get(i);
      if (member.bitOffset() == inside * 8
          && btf.kind(btf.resolve(member.type())) == BtfKind.POINTER) {
        if (!isCode.test(symbol) || !symbol.isFunction()) {
          throw file.bad(
              where,
              relocation.offset(),
              "member '" + member.name() + "' refers to '" + symbol.name() + "', no program");
        }
        return new StructOpsDefinition.MemberFunction(member.name(), i, symbol.name());
      }
    }
    throw file.bad(where, relocation.offset(), "a function where no member is");
  }
}
