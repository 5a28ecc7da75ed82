// What users meet first: several kinds of programs, places that do not exist, a program that changes its packet.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

SEC("xdp")
int change(struct xdp_md *ctx) {
  unsigned char *data = (void *)(long)ctx->data;
  if (data + 3 > (unsigned char *)(long)ctx->data_end)
    return XDP_PASS;
  data[1] = 0xee;
  return XDP_TX;
}

SEC("syscall")
int fail(__u64 *ctx) {
  ctx[0]++;
  return -22;
}

SEC("perf_event")
int event(void *ctx) {
  return 0;
}

SEC("kprobe/do_exit")
int elsewhere(void *ctx) {
  return 0;
}

SEC("raw_tp/no_such_tracepoint")
int nowhere(void *ctx) {
  return 0;
}

SEC("raw_tp/sched_switch")
int somewhere(void *ctx) {
  return 0;
}
