package dev.whatif.ebpf.command;

import dev.whatif.core.failure.WhatifException;
import dev.whatif.ebpf.btf.Btf;
import dev.whatif.ebpf.btf.BtfKind;
import dev.whatif.ebpf.btf.BtfType;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What the helpers behind numbers are called, by the running kernel's {@code enum bpf_func_id}: it
 * knows those that it has.
 */
final class HelperNames {

  private static final String PREFIX = "BPF_FUNC_";

  private final Map<Integer, String> names;

  private HelperNames(Map<Integer, String> names) {
    this.names = names;
  }

  /** Those of this machine; none where the kernel does not tell its types. */
  static HelperNames ofKernel() {
    try {
      return of(Btf.ofKernel());
    } catch (WhatifException e) {
      return new HelperNames(Map.of()); // the numbers are right without them
    }
  }

  static HelperNames of(Btf types) {
    Map<Integer, String> names = new HashMap<>();
    types
        .find(BtfKind.ENUM, "bpf_func_id")
        .ifPresent(id -> {
          if (types.type(id) instanceof BtfType.Enum helpers) {
            for (BtfType.Enumerator helper : helpers.values()) {
              if (helper.name().startsWith(PREFIX)) {
                names.put((int) helper.value(), "bpf_" + helper.name().substring(PREFIX.length()));
              }
            }
          }
        });
    return new HelperNames(names);
  }

  /** As C code calls it, for example {@code bpf_map_lookup_elem}. */
  Optional<String> name(int helper) {
    return Optional.ofNullable(names.get(helper));
  }
}
