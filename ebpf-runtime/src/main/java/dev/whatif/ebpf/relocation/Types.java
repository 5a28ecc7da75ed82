package dev.whatif.ebpf.relocation;

import dev.whatif.ebpf.btf.Btf;
import dev.whatif.ebpf.btf.BtfType;
import java.util.HashMap;
import java.util.Map;

/**
 * One side of a relocation: a BTF, with the types that were looked at kept decoded (a {@code
 * task_struct} has 250 members, and is asked for by every second relocation). One thread.
 */
final class Types {

  private final Btf btf;
  private final Map<Integer, BtfType> decoded = new HashMap<>();

  Types(Btf btf) {
    this.btf = btf;
  }

  Btf btf() {
    return btf;
  }

  BtfType type(int id) {
    BtfType known = decoded.get(id);
    if (known == null) {
      known = btf.type(id);
      decoded.put(id, known);
    }
    return known;
  }

  TypeAt at(int id) {
    return new TypeAt(this, id);
  }
}
