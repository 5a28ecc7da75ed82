// Something to load and to run from the command line.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

char LICENSE[] SEC("license") = "GPL";

struct times {
  __u64 times;
  char comm[16];
};

struct {
  __uint(type, BPF_MAP_TYPE_LRU_HASH);
  __uint(max_entries, 64);
  __type(key, __u32);
  __type(value, struct times);
} tasks SEC(".maps");

int limit = 5;

SEC("tp_btf/sched_switch")
int BPF_PROG(count, bool preempt, struct task_struct *prev, struct task_struct *next) {
  __u32 pid = next->pid;
  struct times *known = bpf_map_lookup_elem(&tasks, &pid);
  if (known) {
    known->times++;
  } else {
    struct times times = {1};
    bpf_get_current_comm(times.comm, sizeof times.comm);
    bpf_map_update_elem(&tasks, &pid, &times, BPF_ANY);
  }
  return 0;
}

SEC("syscall")
int twice(__u64 *ctx) {
  return limit > 0 ? ctx[0] * 2 : 0;
}
