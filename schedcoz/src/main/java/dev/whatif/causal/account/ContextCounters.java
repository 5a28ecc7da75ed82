package dev.whatif.causal.account;

import dev.whatif.ebpf.btf.Btf;
import dev.whatif.ebpf.btf.BtfKind;
import dev.whatif.ebpf.btf.BtfType;
import dev.whatif.ebpf.object.BpfObject;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Where the kernel keeps what a CPU is doing besides its thread: as distances from the run queue of
 * the CPU, which is the one variable of a CPU that BPF programs find by following pointers ({@code
 * current->se.cfs_rq->rq}). The kernel's types say where variables lie within each CPU's section.
 *
 * @param preemptCount of the preemption count ({@code include/linux/preempt.h}), bytes
 * @param inNetRxAction of {@code softnet_data.in_net_rx_action} ({@code net/core/dev.c}), bytes
 */
record ContextCounters(long preemptCount, long inNetRxAction) {

  /** Programs that keep the context where it cannot be read. */
  private static final String KEEPING = "at_";

  private static final String PER_CPU = ".data..percpu";

  /**
   * As far as the types of a kernel tell.
   *
   * @return empty where something is missing: group scheduling, variables among the types; or where
   *     softirqs are threads (PREEMPT_RT), so that the count does not tell of them
   */
  static Optional<ContextCounters> find(Btf kernel) {
    if (offset(kernel, "task_struct", "softirq_disable_cnt").isPresent()
        || offset(kernel, "sched_entity", "cfs_rq").isEmpty()
        || offset(kernel, "cfs_rq", "rq").isEmpty()) {
      return Optional.empty();
    }
    OptionalLong queue = variable(kernel, "runqueues");
    OptionalLong count = variable(kernel, "__preempt_count");
    if (count.isEmpty()) { // Linux 6.2 to 6.14
      count = sum(variable(kernel, "pcpu_hot"), offset(kernel, "pcpu_hot", "preempt_count"));
    }
    OptionalLong receiving =
        sum(variable(kernel, "softnet_data"), offset(kernel, "softnet_data", "in_net_rx_action"));
    if (queue.isEmpty() || count.isEmpty() || receiving.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new ContextCounters(
            count.getAsLong() - queue.getAsLong(), receiving.getAsLong() - queue.getAsLong()));
  }

  /** An object that reads them. */
  BpfObject in(BpfObject object) {
    return object
        .withGlobal("preempt_count_at", preemptCount)
        .withGlobal("in_net_rx_action_at", inNetRxAction);
  }

  /** Whether a program is of no use where they are read. */
  static boolean replace(String program) {
    return program.startsWith(KEEPING);
  }

  private static OptionalLong sum(OptionalLong a, OptionalLong b) {
    return a.isPresent() && b.isPresent()
        ? OptionalLong.of(a.getAsLong() + b.getAsLong())
        : OptionalLong.empty();
  }

  /** Where a variable lies in each CPU's section. */
  private static OptionalLong variable(Btf kernel, String name) {
    var section = kernel.find(BtfKind.DATASEC, PER_CPU);
    if (section.isPresent()
        && kernel.type(section.getAsInt()) instanceof BtfType.DataSec variables) {
      for (BtfType.Placement placement : variables.variables()) {
        if (kernel.name(placement.type()).equals(name)) {
          return OptionalLong.of(placement.offset());
        }
      }
    }
    return OptionalLong.empty();
  }

  /** Where a member lies in a struct, bytes; empty when there is none. */
  static OptionalLong offset(Btf kernel, String struct, String member) {
    var id = kernel.find(BtfKind.STRUCT, struct);
    return id.isPresent() ? offset(kernel, id.getAsInt(), member) : OptionalLong.empty();
  }

  /** Bytes from the beginning; unnamed members are looked into, as in C. */
  private static OptionalLong offset(Btf kernel, int id, String member) {
    if (kernel.type(kernel.resolve(id)) instanceof BtfType.Struct struct) {
      for (BtfType.Member candidate : struct.members()) {
        long at = candidate.bitOffset() / Byte.SIZE;
        if (candidate.name().equals(member)) {
          return candidate.bitfieldSize() == 0 ? OptionalLong.of(at) : OptionalLong.empty();
        }
        if (candidate.name().isEmpty()) {
          OptionalLong within = offset(kernel, candidate.type(), member);
          if (within.isPresent()) {
            return OptionalLong.of(at + within.getAsLong());
          }
        }
      }
    }
    return OptionalLong.empty();
  }
}
