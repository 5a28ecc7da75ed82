package dev.whatif.ebpf.command;

import dev.whatif.core.failure.UnavailableException;
import dev.whatif.core.failure.UsageException;
import dev.whatif.ebpf.kernel.TestInput;
import dev.whatif.ebpf.object.AttachType;
import dev.whatif.ebpf.object.ProgramDefinition;
import dev.whatif.ebpf.object.SectionKind;

/**
 * What the kernel runs a program on, by its type (Documentation/bpf/bpf_prog_run.rst and
 * kernel/trace, net/bpf/test_run.c). Asked before anything is loaded: of the kernel one learns only
 * that something was wrong.
 */
enum Runnability {
  /** A packet, which it may change. */
  PACKET,
  /** The context itself, which it may change. */
  CONTEXT,
  /** Up to 12 arguments of 8 bytes. */
  ARGUMENTS,
  /** Nothing: the kernel calls test functions of its own. */
  NOTHING,
  /** Not at all. */
  NEVER;

  /** Shorter ones have no room for an Ethernet header. */
  static final int SHORTEST_PACKET = 14;

  private static final int MOST_ARGUMENT_BYTES = 12 * Long.BYTES;

  static Runnability of(SectionKind kind) {
    return switch (kind.type()) {
      case XDP,
          SCHED_CLS,
          SCHED_ACT,
          SOCKET_FILTER,
          CGROUP_SKB,
          LWT_IN,
          LWT_OUT,
          LWT_XMIT,
          LWT_SEG6LOCAL,
          SK_SKB,
          FLOW_DISSECTOR,
          NETFILTER ->
          PACKET;
      case SYSCALL -> CONTEXT;
      case RAW_TRACEPOINT, RAW_TRACEPOINT_WRITABLE -> ARGUMENTS;
      case TRACING ->
          kind.attachType()
                  .filter(t ->
                      t == AttachType.TRACE_FENTRY
                          || t == AttachType.TRACE_FEXIT
                          || t == AttachType.MODIFY_RETURN)
                  .isPresent()
              ? NOTHING
              : NEVER;
      case UNSPEC,
          KPROBE,
          TRACEPOINT,
          PERF_EVENT,
          CGROUP_SOCK,
          SOCK_OPS,
          CGROUP_DEVICE,
          SK_MSG,
          CGROUP_SOCK_ADDR,
          LIRC_MODE2,
          SK_REUSEPORT,
          CGROUP_SYSCTL,
          CGROUP_SOCKOPT,
          STRUCT_OPS,
          EXT,
          LSM,
          SK_LOOKUP ->
          NEVER;
    };
  }

  /**
   * What to hand to the kernel.
   *
   * @param repeat how often; 1 is once
   * @throws UnavailableException when there are no test runs of such programs
   * @throws UsageException when memory or repetition do not suit it
   */
  static TestInput input(ProgramDefinition program, byte[] memory, int repeat) {
    String who = "program '%s' (%s)".formatted(program.name(), program.section());
    Runnability how = of(program.kind());
    if (repeat > 1 && how != PACKET && how != NEVER) {
      throw new UsageException(
          who + " runs once per call: --repeat is for programs that take a packet",
          "leave --repeat out");
    }
    return switch (how) {
      case PACKET -> {
        if (memory.length < SHORTEST_PACKET) {
          throw new UsageException(
              "%s runs on a packet of at least %d bytes, and has %s"
                  .formatted(
                      who, SHORTEST_PACKET, memory.length == 0 ? "none" : "" + memory.length),
              "give it with --mem HEX, or --mem @FILE");
        }
        yield new TestInput().data(memory, 0).repeat(repeat);
      }
      case CONTEXT -> new TestInput().context(memory);
      case ARGUMENTS -> {
        if (memory.length > MOST_ARGUMENT_BYTES) {
          throw new UsageException(
              "%s takes at most 12 arguments of 8 bytes, and has %d bytes"
                  .formatted(who, memory.length));
        }
        yield new TestInput().context(memory);
      }
      case NOTHING -> new TestInput();
      case NEVER ->
          throw new UnavailableException(
              "the kernel has no test run for " + who + ": such programs run at their events only",
              "see it at work with: whatif bpf load; test runs are for xdp, tc, socket, cgroup_skb,"
                  + " lwt, sk_skb, flow_dissector, netfilter, raw_tp and syscall");
    };
  }
}
