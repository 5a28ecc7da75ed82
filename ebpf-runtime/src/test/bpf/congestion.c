// A congestion control for the kernel.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

char LICENSE[] SEC("license") = "GPL";

SEC("struct_ops")
__u32 BPF_PROG(threshold, struct sock *sk) {
  return 2;
}

SEC("struct_ops")
void BPF_PROG(avoid, struct sock *sk, __u32 ack, __u32 acked) {}

SEC("struct_ops")
__u32 BPF_PROG(undo, struct sock *sk) {
  return 10;
}

SEC(".struct_ops")
struct tcp_congestion_ops plain = {
    .ssthresh = (void *)threshold,
    .cong_avoid = (void *)avoid,
    .undo_cwnd = (void *)undo,
    .name = "whatif_plain",
};

SEC(".struct_ops.link")
struct tcp_congestion_ops control = {
    .ssthresh = (void *)threshold,
    .cong_avoid = (void *)avoid,
    .undo_cwnd = (void *)undo,
    .name = "whatif_cc",
};
