package dev.whatif.ebpf.kernel;

import dev.whatif.core.linux.Bpf;
import dev.whatif.core.linux.BpfCommand;
import dev.whatif.core.linux.Errno;
import dev.whatif.core.linux.Unistd;
import dev.whatif.ebpf.object.AttachType;
import dev.whatif.ebpf.object.ProgramType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Whether this kernel knows a type at all, found out by asking for the simplest of it. */
final class Support {

  /** {@code r0 = 0; exit}. */
  private static final byte[] NOTHING = {
    (byte) 0xb7, 0, 0, 0, 0, 0, 0, 0, (byte) 0x95, 0, 0, 0, 0, 0, 0, 0
  };

  private Support() {}

  /** The type of a number that the kernel gave; UNSPEC for one younger than this. */
  static ProgramType programType(int number) {
    ProgramType[] all = ProgramType.values();
    return number > 0 && number < all.length ? all[number] : ProgramType.UNSPEC;
  }

  /** The first Linux that has a type. */
  static String since(ProgramType type) {
    return switch (type) {
      case UNSPEC, SOCKET_FILTER -> "3.19";
      case KPROBE, SCHED_CLS, SCHED_ACT -> "4.1";
      case TRACEPOINT -> "4.7";
      case XDP -> "4.8";
      case PERF_EVENT -> "4.9";
      case CGROUP_SKB, CGROUP_SOCK, LWT_IN, LWT_OUT, LWT_XMIT -> "4.10";
      case SOCK_OPS -> "4.13";
      case SK_SKB -> "4.14";
      case CGROUP_DEVICE -> "4.15";
      case SK_MSG, RAW_TRACEPOINT, CGROUP_SOCK_ADDR -> "4.17";
      case LWT_SEG6LOCAL, LIRC_MODE2 -> "4.18";
      case SK_REUSEPORT -> "4.19";
      case FLOW_DISSECTOR -> "4.20";
      case CGROUP_SYSCTL, RAW_TRACEPOINT_WRITABLE -> "5.2";
      case CGROUP_SOCKOPT -> "5.3";
      case TRACING -> "5.5";
      case STRUCT_OPS, EXT -> "5.6";
      case LSM -> "5.7";
      case SK_LOOKUP -> "5.9";
      case SYSCALL -> "5.14";
      case NETFILTER -> "6.4";
    };
  }

  /** False only when the kernel refuses every map of that type. */
  static boolean map(MapType type) {
    int page = Unistd.getpagesize();
    MapSpec simplest =
        switch (type) {
          case QUEUE, STACK, BLOOM_FILTER -> new MapSpec("probe", type, 0, 4, 1);
          case RINGBUF, USER_RINGBUF -> new MapSpec("probe", type, 0, 0, page);
          case LPM_TRIE -> new MapSpec("probe", type, 8, 4, 1).flags(Bpf.BPF_F_NO_PREALLOC);
          case STACK_TRACE -> new MapSpec("probe", type, 4, 8, 1);
          case ARENA -> new MapSpec("probe", type, 0, 0, 1).flags(Bpf.BPF_F_MMAPABLE);
          default -> new MapSpec("probe", type, 4, 4, 1);
        };
    // these want more than a probe can give: whether they exist stays unknown
    if (switch (type) {
      case ARRAY_OF_MAPS,
          HASH_OF_MAPS,
          SK_STORAGE,
          INODE_STORAGE,
          TASK_STORAGE,
          CGRP_STORAGE,
          STRUCT_OPS,
          CGROUP_STORAGE,
          PERCPU_CGROUP_STORAGE,
          XSKMAP,
          DEVMAP,
          DEVMAP_HASH,
          CPUMAP,
          SOCKMAP,
          SOCKHASH,
          REUSEPORT_SOCKARRAY ->
          true;
      default -> false;
    }) {
      return true;
    }
    try (Arena arena = Arena.ofConfined()) {
      return answered(Bpf.tryCall(BpfCommand.BPF_MAP_CREATE, simplest.attr(arena)));
    }
  }

  /** False only when the kernel refuses every program of that type. */
  static boolean program(ProgramType type) {
    ProgramSpec simplest = new ProgramSpec("probe", type, NOTHING);
    // some exist only with one of several attach types, or may only sleep
    switch (type) {
      case CGROUP_SOCK_ADDR ->
          simplest.expectedAttachType(AttachType.CGROUP_INET4_CONNECT.number());
      case CGROUP_SOCKOPT -> simplest.expectedAttachType(AttachType.CGROUP_GETSOCKOPT.number());
      case SK_LOOKUP -> simplest.expectedAttachType(AttachType.SK_LOOKUP.number());
      case NETFILTER -> simplest.expectedAttachType(AttachType.NETFILTER.number());
      case SYSCALL -> simplest.flags(Bpf.BPF_F_SLEEPABLE);
      default -> {}
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment log = arena.allocate(1 << 12);
      int result = Bpf.tryCall(BpfCommand.BPF_PROG_LOAD, simplest.attr(arena).log(log, 1));
      // a verifier that says what it misses (a function to enter...) knows the type
      return answered(result) || log.get(ValueLayout.JAVA_BYTE, 0) != 0;
    }
  }

  private static boolean answered(int result) {
    if (result >= 0) {
      new Descriptor("probe", result).close();
    }
    return -result != Errno.EINVAL.value() && -result != Errno.EOPNOTSUPP.value();
  }
}
