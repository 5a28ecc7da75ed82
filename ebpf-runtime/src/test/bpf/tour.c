// One program of each kind that can be loaded here, with everything a loader must fill in: maps,
// data, fields of the kernel's structs, functions and variables of the kernel, callbacks.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_tracing.h>

char LICENSE[] SEC("license") = "GPL";

struct event {
  __u32 pid;
  char comm[16];
};

struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 1024);
  __type(key, __u32);
  __type(value, struct event);
} events SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_TASK_STORAGE);
  __uint(map_flags, BPF_F_NO_PREALLOC);
  __type(key, int);
  __type(value, __u64);
} per_task SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_SK_STORAGE);
  __uint(map_flags, BPF_F_NO_PREALLOC);
  __type(key, int);
  __type(value, __u64);
} per_socket SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_INODE_STORAGE);
  __uint(map_flags, BPF_F_NO_PREALLOC);
  __type(key, int);
  __type(value, __u64);
} per_inode SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_CGRP_STORAGE);
  __uint(map_flags, BPF_F_NO_PREALLOC);
  __type(key, int);
  __type(value, __u64);
} per_cgroup SEC(".maps");

struct inner {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __uint(max_entries, 4);
  __type(key, __u32);
  __type(value, __u64);
} inner SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
  __uint(max_entries, 2);
  __type(key, __u32);
  __array(values, struct inner);
} outer SEC(".maps") = {.values = {[1] = &inner}};

struct {
  __uint(type, BPF_MAP_TYPE_RINGBUF);
  __uint(max_entries, 5000);
} ring SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
  __type(key, int);
  __type(value, int);
} perf SEC(".maps");

const volatile __u32 watched_pid = 0;
__u64 switches = 0;
__u64 calls = 7;
int answers[4];

extern void bpf_rcu_read_lock(void) __ksym;
extern void bpf_rcu_read_unlock(void) __ksym;

static __attribute__((noinline)) int remember(struct task_struct *task) {
  struct event event = {};
  __u32 pid = BPF_CORE_READ(task, pid);
  event.pid = BPF_CORE_READ(task, tgid);
  bpf_get_current_comm(event.comm, sizeof event.comm);
  bpf_map_update_elem(&events, &pid, &event, BPF_ANY);
  return 0;
}

SEC("tp_btf/sched_switch")
int BPF_PROG(on_switch, bool preempt, struct task_struct *prev, struct task_struct *next) {
  __sync_fetch_and_add(&switches, 1);
  if (watched_pid && next->tgid == watched_pid) remember(next);
  __u64 *mine = bpf_task_storage_get(&per_task, prev, 0, BPF_LOCAL_STORAGE_GET_F_CREATE);
  if (mine) ++*mine;
  return 0;
}

SEC("raw_tp/sched_wakeup")
int on_wakeup(struct bpf_raw_tracepoint_args *ctx) {
  struct task_struct *task = (void *)ctx->args[0];
  return BPF_CORE_READ(task, prio) < 0;
}

SEC("tp/sched/sched_process_exit")
int on_exit(void *ctx) {
  __sync_fetch_and_add(&calls, 1);
  return 0;
}

SEC("perf_event")
int on_clock(struct bpf_perf_event_data *ctx) {
  return ctx->sample_period == 0;
}

SEC("uprobe/libc.so.6:getpid")
int on_getpid(struct pt_regs *ctx) {
  __sync_fetch_and_add(&calls, 1);
  return 0;
}

SEC("uprobe.multi/libc.so.6:getppid")
int on_getppid(struct pt_regs *ctx) {
  __sync_fetch_and_add(&calls, 1);
  return 0;
}

SEC("fentry/do_exit")
int BPF_PROG(entered, long code) {
  return 0;
}

static int square(__u64 i, void *unused) {
  if (i < 4) answers[i] = i * i;
  return 0;
}

SEC("syscall")
int ask(__u64 *ctx) {
  struct task_struct *task = bpf_get_current_task_btf();
  bpf_loop(4, square, 0, 0);
  bpf_rcu_read_lock();
  bpf_rcu_read_unlock();
  ctx[1] = task->tgid + ctx[0];
  ctx[2] = bpf_core_field_exists(struct task_struct, pid) +
           bpf_core_type_size(struct task_struct) * 2;
  return 42;
}

SEC("xdp")
int shorten(struct xdp_md *ctx) {
  return bpf_xdp_adjust_tail(ctx, -8) ? XDP_ABORTED : XDP_TX;
}

SEC("tc")
int classify(struct __sk_buff *skb) {
  return skb->len;
}

SEC("socket")
int filter(struct __sk_buff *skb) {
  return skb->len;
}

SEC("?socket")
int left_out(struct __sk_buff *skb) {
  return 0;
}
