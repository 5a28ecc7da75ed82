package dev.whatif.ebpf.object;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** libbpf's table of section names (version 1.5), in its order: the first match counts. */
final class SectionTable {

  // Pattern, program type, expected attach type; s: sleepable, b: target by BTF, f: XDP fragments.
  private static final String TEXT =
      """
      socket SOCKET_FILTER
      sk_reuseport/migrate SK_REUSEPORT SK_REUSEPORT_SELECT_OR_MIGRATE
      sk_reuseport SK_REUSEPORT SK_REUSEPORT_SELECT
      kprobe+ KPROBE
      uprobe+ KPROBE
      uprobe.s+ KPROBE - s
      kretprobe+ KPROBE
      uretprobe+ KPROBE
      uretprobe.s+ KPROBE - s
      kprobe.multi+ KPROBE TRACE_KPROBE_MULTI
      kretprobe.multi+ KPROBE TRACE_KPROBE_MULTI
      kprobe.session+ KPROBE TRACE_KPROBE_SESSION
      uprobe.multi+ KPROBE TRACE_UPROBE_MULTI
      uretprobe.multi+ KPROBE TRACE_UPROBE_MULTI
      uprobe.session+ KPROBE TRACE_UPROBE_SESSION
      uprobe.multi.s+ KPROBE TRACE_UPROBE_MULTI s
      uretprobe.multi.s+ KPROBE TRACE_UPROBE_MULTI s
      uprobe.session.s+ KPROBE TRACE_UPROBE_SESSION s
      ksyscall+ KPROBE
      kretsyscall+ KPROBE
      usdt+ KPROBE
      usdt.s+ KPROBE - s
      tc/ingress SCHED_CLS TCX_INGRESS
      tc/egress SCHED_CLS TCX_EGRESS
      tcx/ingress SCHED_CLS TCX_INGRESS
      tcx/egress SCHED_CLS TCX_EGRESS
      tc SCHED_CLS
      classifier SCHED_CLS
      action SCHED_ACT
      netkit/primary SCHED_CLS NETKIT_PRIMARY
      netkit/peer SCHED_CLS NETKIT_PEER
      tracepoint+ TRACEPOINT
      tp+ TRACEPOINT
      raw_tracepoint+ RAW_TRACEPOINT
      raw_tp+ RAW_TRACEPOINT
      raw_tracepoint.w+ RAW_TRACEPOINT_WRITABLE
      raw_tp.w+ RAW_TRACEPOINT_WRITABLE
      tp_btf+ TRACING TRACE_RAW_TP b
      fentry+ TRACING TRACE_FENTRY b
      fmod_ret+ TRACING MODIFY_RETURN b
      fexit+ TRACING TRACE_FEXIT b
      fentry.s+ TRACING TRACE_FENTRY bs
      fmod_ret.s+ TRACING MODIFY_RETURN bs
      fexit.s+ TRACING TRACE_FEXIT bs
      freplace+ EXT - b
      lsm+ LSM LSM_MAC b
      lsm.s+ LSM LSM_MAC bs
      lsm_cgroup+ LSM LSM_CGROUP b
      iter+ TRACING TRACE_ITER b
      iter.s+ TRACING TRACE_ITER bs
      syscall SYSCALL - s
      xdp.frags/devmap XDP XDP_DEVMAP f
      xdp/devmap XDP XDP_DEVMAP
      xdp.frags/cpumap XDP XDP_CPUMAP f
      xdp/cpumap XDP XDP_CPUMAP
      xdp.frags XDP XDP f
      xdp XDP XDP
      perf_event PERF_EVENT
      lwt_in LWT_IN
      lwt_out LWT_OUT
      lwt_xmit LWT_XMIT
      lwt_seg6local LWT_SEG6LOCAL
      sockops SOCK_OPS CGROUP_SOCK_OPS
      sk_skb/stream_parser SK_SKB SK_SKB_STREAM_PARSER
      sk_skb/stream_verdict SK_SKB SK_SKB_STREAM_VERDICT
      sk_skb/verdict SK_SKB SK_SKB_VERDICT
      sk_skb SK_SKB
      sk_msg SK_MSG SK_MSG_VERDICT
      lirc_mode2 LIRC_MODE2 LIRC_MODE2
      flow_dissector FLOW_DISSECTOR FLOW_DISSECTOR
      cgroup_skb/ingress CGROUP_SKB CGROUP_INET_INGRESS
      cgroup_skb/egress CGROUP_SKB CGROUP_INET_EGRESS
      cgroup/skb CGROUP_SKB
      cgroup/sock_create CGROUP_SOCK CGROUP_INET_SOCK_CREATE
      cgroup/sock_release CGROUP_SOCK CGROUP_INET_SOCK_RELEASE
      cgroup/sock CGROUP_SOCK CGROUP_INET_SOCK_CREATE
      cgroup/post_bind4 CGROUP_SOCK CGROUP_INET4_POST_BIND
      cgroup/post_bind6 CGROUP_SOCK CGROUP_INET6_POST_BIND
      cgroup/bind4 CGROUP_SOCK_ADDR CGROUP_INET4_BIND
      cgroup/bind6 CGROUP_SOCK_ADDR CGROUP_INET6_BIND
      cgroup/connect4 CGROUP_SOCK_ADDR CGROUP_INET4_CONNECT
      cgroup/connect6 CGROUP_SOCK_ADDR CGROUP_INET6_CONNECT
      cgroup/connect_unix CGROUP_SOCK_ADDR CGROUP_UNIX_CONNECT
      cgroup/sendmsg4 CGROUP_SOCK_ADDR CGROUP_UDP4_SENDMSG
      cgroup/sendmsg6 CGROUP_SOCK_ADDR CGROUP_UDP6_SENDMSG
      cgroup/sendmsg_unix CGROUP_SOCK_ADDR CGROUP_UNIX_SENDMSG
      cgroup/recvmsg4 CGROUP_SOCK_ADDR CGROUP_UDP4_RECVMSG
      cgroup/recvmsg6 CGROUP_SOCK_ADDR CGROUP_UDP6_RECVMSG
      cgroup/recvmsg_unix CGROUP_SOCK_ADDR CGROUP_UNIX_RECVMSG
      cgroup/getpeername4 CGROUP_SOCK_ADDR CGROUP_INET4_GETPEERNAME
      cgroup/getpeername6 CGROUP_SOCK_ADDR CGROUP_INET6_GETPEERNAME
      cgroup/getpeername_unix CGROUP_SOCK_ADDR CGROUP_UNIX_GETPEERNAME
      cgroup/getsockname4 CGROUP_SOCK_ADDR CGROUP_INET4_GETSOCKNAME
      cgroup/getsockname6 CGROUP_SOCK_ADDR CGROUP_INET6_GETSOCKNAME
      cgroup/getsockname_unix CGROUP_SOCK_ADDR CGROUP_UNIX_GETSOCKNAME
      cgroup/sysctl CGROUP_SYSCTL CGROUP_SYSCTL
      cgroup/getsockopt CGROUP_SOCKOPT CGROUP_GETSOCKOPT
      cgroup/setsockopt CGROUP_SOCKOPT CGROUP_SETSOCKOPT
      cgroup/dev CGROUP_DEVICE CGROUP_DEVICE
      struct_ops+ STRUCT_OPS
      struct_ops.s+ STRUCT_OPS - s
      sk_lookup SK_LOOKUP SK_LOOKUP
      netfilter NETFILTER NETFILTER
      """;

  static final List<SectionKind> ALL = TEXT.lines().map(SectionTable::entry).toList();

  private SectionTable() {}

  /** The names that are written most like it. */
  static String nearest(String name) {
    String wanted = name.toLowerCase(Locale.ROOT);
    return ALL.stream()
        .map(SectionKind::prefix)
        .sorted(Comparator.comparingInt(known -> distance(wanted, known)))
        .limit(3)
        .map(known -> "SEC(\"" + known + "\")")
        .collect(Collectors.joining(", "));
  }

  private static SectionKind entry(String line) {
    String[] words = line.split(" ");
    String flags = words.length > 3 ? words[3] : "";
    return new SectionKind(
        words[0],
        ProgramType.valueOf(words[1]),
        words.length > 2 && !words[2].equals("-")
            ? Optional.of(AttachType.valueOf(words[2]))
            : Optional.empty(),
        flags.contains("s"),
        flags.contains("b"),
        flags.contains("f"),
        "",
        true);
  }

  /** Levenshtein's distance, the name cut to what may matter. */
  private static int distance(String text, String known) {
    int length = Math.min(text.length(), 32);
    int slash = text.indexOf('/');
    // What stands behind the slash of a probe is its target, not its kind.
    if (slash >= 0 && known.indexOf('/') < 0) {
      length = Math.min(length, slash);
    }
    int[] row = new int[known.length() + 1];
    for (int j = 0; j < row.length; j++) {
      row[j] = j;
    }
    for (int i = 1; i <= length; i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j < row.length; j++) {
        int substituted = diagonal + (text.charAt(i - 1) == known.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(substituted, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[known.length()];
  }
}
