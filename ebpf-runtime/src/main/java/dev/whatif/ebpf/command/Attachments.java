package dev.whatif.ebpf.command;

import dev.whatif.core.failure.WhatifException;
import dev.whatif.ebpf.kernel.LoadedObject;
import dev.whatif.ebpf.object.SectionKind;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What became of the places that an object's programs ask for: one that cannot be had does not take
 * the others away.
 *
 * @param failures by the name of the program
 */
record Attachments(Map<String, WhatifException> failures) {

  static Attachments of(LoadedObject loaded) {
    Map<String, WhatifException> failures = new LinkedHashMap<>();
    for (String program : loaded.programs().keySet()) {
      try {
        loaded.attach(program);
      } catch (WhatifException e) {
        failures.put(program, e);
      }
    }
    loaded.registerAll();
    if (loaded.links().isEmpty() && !failures.isEmpty()) {
      throw failures.values().iterator().next(); // nothing to hold
    }
    return new Attachments(failures);
  }

  /** The failure that decides the exit code. */
  Optional<WhatifException> first() {
    return failures.values().stream().findFirst();
  }

  /** Why a program is at no place although nothing has failed. */
  static String reason(SectionKind kind) {
    String pattern = kind.pattern();
    return switch (kind.type()) {
      case PERF_EVENT -> "no: its section names no event";
      case XDP, SCHED_CLS, SCHED_ACT, NETFILTER, FLOW_DISSECTOR ->
          "no: its section names no interface; try whatif bpf run";
      case SYSCALL -> "no: it runs when asked, by whatif bpf run";
      case SOCKET_FILTER -> "no: its section names no socket; try whatif bpf run";
      case CGROUP_SKB,
          CGROUP_SOCK,
          CGROUP_DEVICE,
          CGROUP_SOCK_ADDR,
          CGROUP_SYSCTL,
          CGROUP_SOCKOPT,
          SOCK_OPS ->
          "no: its section names no control group";
      case STRUCT_OPS -> "as part of its table";
      default ->
          kind.target().isEmpty()
              ? "no: its section names no place"
              : "no: whatif does not attach " + pattern.replaceAll("[+/].*", "");
    };
  }
}
