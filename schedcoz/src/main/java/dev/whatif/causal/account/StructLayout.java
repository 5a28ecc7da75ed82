package dev.whatif.causal.account;

import dev.whatif.ebpf.btf.Btf;
import dev.whatif.ebpf.btf.BtfKind;
import dev.whatif.ebpf.btf.BtfType;
import java.util.HashMap;
import java.util.Map;

/** Where the members of a C struct lie, as the compiler that laid it out says in BTF. */
record StructLayout(String name, int size, Map<String, Integer> offsets) {

  /** A struct of an object. */
  static StructLayout of(Btf types, String name) {
    int id =
        types
            .find(BtfKind.STRUCT, name)
            .orElseThrow(() -> new IllegalStateException("the object has no struct " + name));
    BtfType.Struct struct = (BtfType.Struct) types.type(id);
    Map<String, Integer> offsets = new HashMap<>();
    for (BtfType.Member member : struct.members()) {
      offsets.put(member.name(), member.bitOffset() / Byte.SIZE);
    }
    return new StructLayout(name, struct.size(), offsets);
  }

  /** Where a member begins, bytes. */
  int offset(String member) {
    Integer offset = offsets.get(member);
    if (offset == null) {
      throw new IllegalStateException("struct %s has no member %s".formatted(name, member));
    }
    return offset;
  }
}
