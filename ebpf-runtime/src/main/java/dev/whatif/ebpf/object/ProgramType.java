package dev.whatif.ebpf.object;

/**
 * What a program is loaded as (include/uapi/linux/bpf.h, {@code enum bpf_prog_type}); the ordinal
 * is the number.
 */
public enum ProgramType {
  UNSPEC,
  SOCKET_FILTER,
  KPROBE,
  SCHED_CLS,
  SCHED_ACT,
  TRACEPOINT,
  XDP,
  PERF_EVENT,
  CGROUP_SKB,
  CGROUP_SOCK,
  LWT_IN,
  LWT_OUT,
  LWT_XMIT,
  SOCK_OPS,
  SK_SKB,
  CGROUP_DEVICE,
  SK_MSG,
  RAW_TRACEPOINT,
  CGROUP_SOCK_ADDR,
  LWT_SEG6LOCAL,
  LIRC_MODE2,
  SK_REUSEPORT,
  FLOW_DISSECTOR,
  CGROUP_SYSCTL,
  RAW_TRACEPOINT_WRITABLE,
  CGROUP_SOCKOPT,
  TRACING,
  STRUCT_OPS,
  EXT,
  LSM,
  SK_LOOKUP,
  SYSCALL,
  NETFILTER;

  /** The number that bpf(2) takes. */
  public int number() {
    return ordinal();
  }
}
