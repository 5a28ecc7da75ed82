// A table of functions for the kernel.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

struct sock;

struct tcp_congestion_ops {
  __u32 flags;
  __u32 (*ssthresh)(struct sock *sk);
  void (*cong_avoid)(struct sock *sk, __u32 ack, __u32 acked);
  __u32 (*undo_cwnd)(struct sock *sk);
  char name[16];
};

static __attribute__((noinline)) int half(int x) {
  return x / 2;
}

SEC("struct_ops/ssthresh")
__u32 ssthresh(void *context) {
  return half(10);
}

SEC("struct_ops/undo_cwnd")
__u32 undo_cwnd(void *context) {
  return 2;
}

SEC("struct_ops/cong_avoid")
void cong_avoid(void *context) {}

SEC(".struct_ops")
struct tcp_congestion_ops plain = {
    .flags = 3,
    .ssthresh = (void *)ssthresh,
    .cong_avoid = (void *)cong_avoid,
    .undo_cwnd = (void *)undo_cwnd,
    .name = "whatif_plain",
};

SEC(".struct_ops.link")
struct tcp_congestion_ops linked = {
    .undo_cwnd = (void *)undo_cwnd,
    .name = "whatif_linked",
};
