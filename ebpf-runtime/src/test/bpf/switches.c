// Counts the context switches away from a thread in three ways.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

char LICENSE[] SEC("license") = "GPL";

const volatile __u32 watched = 0;
__u64 typed, raw, plain;

SEC("tp_btf/sched_switch")
int BPF_PROG(by_type, bool preempt, struct task_struct *prev, struct task_struct *next) {
  if (prev->pid == watched)
    __sync_fetch_and_add(&typed, 1);
  return 0;
}

SEC("raw_tp/sched_switch")
int by_name(void *context) {
  if ((__u32)bpf_get_current_pid_tgid() == watched)
    __sync_fetch_and_add(&raw, 1);
  return 0;
}

SEC("tp/sched/sched_switch")
int by_number(struct trace_event_raw_sched_switch *context) {
  if (context->prev_pid == watched)
    __sync_fetch_and_add(&plain, 1);
  return 0;
}
