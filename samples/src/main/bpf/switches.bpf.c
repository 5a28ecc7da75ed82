// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
// Who is taken off its CPU how often? Counts, for every thread, the switches away from it: those that it asked for by
// waiting, and those that were forced upon it. The same numbers are in /proc/PID/task/TID/status.
//
//   whatif bpf load switches.bpf.o --dump-maps -d 10s
//
// Linux 5.18 or newer (which passes prev_state).
#include "bpf.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";

struct task_struct {
  int pid; // the thread's number: what user space calls tid
  char comm[16];
} KERNEL_TYPE;

struct count {
  __u64 voluntary;
  __u64 involuntary;
  char name[16];
};

struct {
  __uint(type, BPF_MAP_TYPE_LRU_HASH); // an old thread gives way to a new one
  __uint(max_entries, 10240);
  __type(key, __u32);
  __type(value, struct count);
} threads SEC(".maps");

// The arguments of a tp_btf program lie in 8 bytes each: preempt, prev, next, prev_state.
SEC("tp_btf/sched_switch")
int count_switch(__u64 *arguments) {
  int preempted = arguments[0];
  struct task_struct *previous = (void *)arguments[1];
  __u32 state = arguments[3]; // 0: it could have gone on
  __u32 thread = previous->pid;
  struct count *count = bpf_map_lookup_elem(&threads, &thread);
  if (!count) {
    struct count new = {};
    bpf_probe_read_kernel_str(new.name, sizeof new.name, previous->comm);
    bpf_map_update_elem(&threads, &thread, &new, BPF_NOEXIST);
    count = bpf_map_lookup_elem(&threads, &thread);
    if (!count)
      return 0;
  }
  // Nobody else counts this thread: it leaves one CPU at a time. (Thread 0 is one per CPU, which idles.)
  if (!preempted && state)
    __sync_fetch_and_add(&count->voluntary, 1);
  else
    __sync_fetch_and_add(&count->involuntary, 1);
  return 0;
}
