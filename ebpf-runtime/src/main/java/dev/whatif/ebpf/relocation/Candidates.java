package dev.whatif.ebpf.relocation;

import dev.whatif.ebpf.btf.Btf;
import dev.whatif.ebpf.btf.BtfKind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The types of a target that may be versions of a type of the object: of the same essential name
 * and kind.
 *
 * <p>The kernel's own types come first; those of modules are asked only about what it does not
 * have. A type that does not have a field is no candidate for the next field of the same object's
 * type, if another type has it (libbpf's relo_core.c narrows its list in the same way). One thread.
 */
final class Candidates {

  /** Types to be searched, each group only when those before had nothing. */
  private final List<List<Types>> groups = new ArrayList<>();

  private final Map<Btf, Flavours> flavours = new HashMap<>();
  private final Map<Integer, List<TypeAt>> known = new HashMap<>();

  /**
   * @param target where to search first; of a split one the base before its own types
   * @param modules split BTFs, searched last
   */
  Candidates(Btf target, List<Btf> modules) {
    Btf base = target.base();
    if (base != null) {
      groups.add(List.of(new Types(base)));
    }
    groups.add(List.of(new Types(target)));
    groups.add(modules.stream().map(Types::new).toList());
  }

  /** What is known of a type of the object. */
  List<TypeAt> of(TypeAt local) {
    List<TypeAt> found = known.get(local.id());
    if (found == null) {
      found = search(local);
      known.put(local.id(), found);
    }
    return found;
  }

  /** From now on, only these. */
  void narrow(TypeAt local, List<TypeAt> matching) {
    known.put(local.id(), List.copyOf(matching));
  }

  private List<TypeAt> search(TypeAt local) {
    String name = EssentialName.of(local.name());
    BtfKind kind = local.kind();
    for (List<Types> group : groups) {
      List<TypeAt> found = new ArrayList<>();
      for (Types types : group) {
        ids(types.btf(), name)
            .filter(id -> TypeAt.compatible(kind, types.btf().kind(id)))
            .forEach(id -> found.add(types.at(id)));
      }
      if (!found.isEmpty()) {
        return List.copyOf(found);
      }
    }
    return List.of();
  }

  /** Ascending, and of a split BTF its own only. */
  private IntStream ids(Btf btf, String essential) {
    Flavours of = flavours.computeIfAbsent(btf, Flavours::of);
    return Stream.concat(Stream.of(essential), of.named(essential).stream())
        .flatMapToInt(btf::named)
        .filter(id -> id >= btf.firstId())
        .distinct()
        .sorted();
  }
}
