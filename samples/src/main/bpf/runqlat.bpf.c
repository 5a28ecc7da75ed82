// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
// How long do threads wait for a CPU when they could run? A histogram of the time from becoming runnable (woken, or
// taken off the CPU without having asked for it) to running. The element N of the map counts waits of at least 2^N
// and less than 2^(N+1) nanoseconds: 10 is about a microsecond, 20 a millisecond, 30 a second.
//
//   whatif bpf load runqlat.bpf.o --dump-maps -d 10s
//
// Linux 5.18 or newer (which passes prev_state).
#include "bpf.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";

struct task_struct {
  int pid;
} KERNEL_TYPE;

struct {
  __uint(type, BPF_MAP_TYPE_LRU_HASH);
  __uint(max_entries, 10240);
  __type(key, __u32);
  __type(value, __u64);
} runnable_since SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 64);
  __type(key, __u32);
  __type(value, __u64);
} waits_by_log2_nanos SEC(".maps");

static void becomes_runnable(struct task_struct *task) {
  __u32 thread = task->pid;
  __u64 now = bpf_ktime_get_ns();
  if (thread) // 0 idles: it never waits
    bpf_map_update_elem(&runnable_since, &thread, &now, BPF_ANY);
}

static __u32 log2_of(__u64 value) {
  __u32 result = 0;
  for (int bits = 32; bits; bits >>= 1)
    if (value >> bits) {
      value >>= bits;
      result += bits;
    }
  return result;
}

SEC("tp_btf/sched_wakeup")
int woken(__u64 *arguments) {
  becomes_runnable((void *)arguments[0]);
  return 0;
}

SEC("tp_btf/sched_wakeup_new")
int created(__u64 *arguments) {
  becomes_runnable((void *)arguments[0]);
  return 0;
}

// The arguments: preempt, prev, next, prev_state.
SEC("tp_btf/sched_switch")
int switched(__u64 *arguments) {
  struct task_struct *next = (void *)arguments[2];
  int preempted = arguments[0];
  __u32 state = arguments[3];
  if (preempted || !state)
    becomes_runnable((void *)arguments[1]);

  __u32 thread = next->pid;
  __u64 *since = bpf_map_lookup_elem(&runnable_since, &thread);
  if (!since)
    return 0; // it became runnable before we looked
  __u32 slot = log2_of(bpf_ktime_get_ns() - *since);
  bpf_map_delete_elem(&runnable_since, &thread);

  __u64 *waits = bpf_map_lookup_elem(&waits_by_log2_nanos, &slot);
  if (!waits) {
    __u64 none = 0;
    bpf_map_update_elem(&waits_by_log2_nanos, &slot, &none, BPF_NOEXIST);
    waits = bpf_map_lookup_elem(&waits_by_log2_nanos, &slot);
  }
  if (waits)
    __sync_fetch_and_add(waits, 1);
  return 0;
}
