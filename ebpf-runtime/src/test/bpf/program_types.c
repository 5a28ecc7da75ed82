// A program of each type that a libbpf of 2023 knows and this kernel may take, each with a relocation in it.
#include "core.h"

char LICENSE[] SEC("license") = "GPL";

struct task_struct {
  int pid;
  char comm[16];
} RELOCATED;

#define SIZE_OF_COMM ((int)byte_size(((struct task_struct *)0)->comm))

struct xdp_md {
  u32 data, data_end;
};

struct __sk_buff {
  u32 len;
};

struct arguments {
  u64 in, out;
};

SEC("socket") int socket_filter(struct __sk_buff *skb) { return skb->len + SIZE_OF_COMM; }

SEC("tc") int classifier(struct __sk_buff *skb) { return skb->len * 2 + SIZE_OF_COMM; }

SEC("xdp") int express(struct xdp_md *frame) {
  u8 *data = (u8 *)(u64)frame->data;
  if (data + 2 > (u8 *)(u64)frame->data_end)
    return 1;
  data[0] = SIZE_OF_COMM;
  data[1] += 1;
  return 2;
}

SEC("syscall") int system_call(struct arguments *arguments) {
  arguments->out = arguments->in * 3 + SIZE_OF_COMM;
  return arguments->in + 1;
}

SEC("raw_tp/sched_switch") int raw(u64 *context) { return context[0] + SIZE_OF_COMM; }

SEC("tp_btf/sched_switch") int typed(u64 *context) {
  return ((struct task_struct *)context[1])->pid == SIZE_OF_COMM;
}

SEC("tracepoint/sched/sched_switch") int traced(void *context) { return SIZE_OF_COMM; }

SEC("perf_event") int sampled(void *context) { return SIZE_OF_COMM; }

SEC("uprobe") int probed(void *context) { return SIZE_OF_COMM; }

SEC("fentry/bpf_fentry_test1") int entered(u64 *context) { return (int)context[0] == SIZE_OF_COMM; }

SEC("cgroup_skb/egress") int leaving(struct __sk_buff *skb) { return skb->len > SIZE_OF_COMM; }

SEC("cgroup/sock_create") int created(void *context) { return SIZE_OF_COMM == 16; }

SEC("sockops") int socket_operation(void *context) { return SIZE_OF_COMM == 16; }

SEC("sk_lookup") int looked_up(void *context) { return SIZE_OF_COMM == 16; }
