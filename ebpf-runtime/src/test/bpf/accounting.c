// Who woke whom, and which samples belong to which thread: the accounting that a causal profiler stands on, without its
// virtual time. Threads are in scope that have a storage: the first gets it from user space, all others at their birth.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

char LICENSE[] SEC("license") = "GPL";

#define RELOCATED __attribute__((preserve_access_index))

struct task_struct {
  int pid;
  char comm[16];
} RELOCATED;

struct sk_buff;

// Of one thread. What the waker and the sleeper both touch, they exchange: sched_waking holds the sleeper's pi_lock,
// sched_switch its run queue's lock, so the two run at the same time.
struct thread {
  __u32 pending;  // who woke it, not applied yet
  __u32 waker;    // applied
  __u32 blocked;
  __u32 was_parked;
  __u64 samples;
  __u64 blocks;
  __u64 parked;
  __u64 unresolved;
};

struct {
  __uint(type, BPF_MAP_TYPE_TASK_STORAGE);
  __uint(map_flags, BPF_F_NO_PREALLOC);
  __type(key, int);
  __type(value, struct thread);
} threads SEC(".maps");

// What an ended thread leaves, by its id.
struct account {
  struct thread thread;
  char name[16];
};

struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 4096);
  __type(key, __u32);
  __type(value, struct account);
} accounts SEC(".maps");

struct pair {
  __u32 waker;
  __u32 woken;
};

// Wakes that ended a wait in the marked phase.
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 4096);
  __type(key, struct pair);
  __type(value, __u64);
} wakes SEC(".maps");

// What a CPU is doing besides its thread. BPF cannot ask the kernel: __preempt_count is no ksym.
struct context {
  __u32 hard;
  __u32 soft;
  __u32 sender;  // of the packet that the softirq works on
  __u32 running;  // the thread it has switched to last
  __u32 known;
};

struct {
  __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
  __uint(max_entries, 1);
  __type(key, __u32);
  __type(value, struct context);
} contexts SEC(".maps");

// Who sent a packet, from netif_rx to netif_receive_skb.
struct {
  __uint(type, BPF_MAP_TYPE_LRU_HASH);
  __uint(max_entries, 4096);
  __type(key, __u64);
  __type(value, __u32);
} senders SEC(".maps");

__u64 samples;             // in all
__u64 samples_unattributed;  // of threads without a storage
__u64 wakes_in_task;
__u64 wakes_in_softirq;
__u64 wakes_in_interrupt;
__u64 switches_missed;  // which the kernel did not tell of: the thread that leaves is not the one that came
__u64 births;
__u64 births_without_storage;

static __always_inline struct context *context(void) {
  __u32 zero = 0;
  return bpf_map_lookup_elem(&contexts, &zero);
}

static __always_inline struct thread *thread(struct task_struct *task) {
  return bpf_task_storage_get(&threads, task, 0, 0);
}

// The program under test names its threads loop-... while it counts its own waits.
static __always_inline int marked(struct task_struct *task) {
  return task->comm[0] == 'l' && task->comm[1] == 'o' && task->comm[2] == 'o' && task->comm[3] == 'p';
}

SEC("tp_btf/sched_process_fork")
int BPF_PROG(born, struct task_struct *parent, struct task_struct *child) {
  if (!thread(parent)) return 0;
  __sync_fetch_and_add(&births, 1);
  // here and not in the sample, where the kernel may not allocate
  if (!bpf_task_storage_get(&threads, child, 0, BPF_LOCAL_STORAGE_GET_F_CREATE))
    __sync_fetch_and_add(&births_without_storage, 1);
  return 0;
}

SEC("tp_btf/sched_process_exit")
int BPF_PROG(ended, struct task_struct *task) {
  struct thread *t = thread(task);
  if (!t) return 0;
  struct account account = {.thread = *t};
  __builtin_memcpy(account.name, task->comm, sizeof account.name);
  __u32 id = task->pid;
  bpf_map_update_elem(&accounts, &id, &account, BPF_ANY);
  return 0;
}

// The thread that caused what this CPU is doing now; 0 where the cause lies outside, as with a timer.
static __always_inline __u32 cause(struct context *c) {
  if (c->hard) return 0;
  if (c->soft) return c->sender;
  return (__u32)bpf_get_current_pid_tgid();
}

SEC("tp_btf/sched_waking")
int BPF_PROG(waking, struct task_struct *task) {
  struct thread *t = thread(task);
  struct context *c = context();
  if (!t || !c) return 0;
  __sync_fetch_and_add(c->hard ? &wakes_in_interrupt : c->soft ? &wakes_in_softirq : &wakes_in_task, 1);
  __sync_lock_test_and_set(&t->pending, cause(c));
  if (*(volatile __u32 *)&t->blocked) {
    __u32 waker = __sync_lock_test_and_set(&t->pending, 0);
    if (waker) {
      t->waker = waker;
      t->was_parked = 0;
    }
  }
  return 0;
}

static __always_inline void switch_out(struct task_struct *task, int waits) {
  struct thread *t = thread(task);
  if (!t) return;
  if (!waits) return;
  t->waker = 0;
  __sync_lock_test_and_set(&t->blocked, 1);
  // a wake can overtake the switch: it is parked until now
  __u32 waker = __sync_lock_test_and_set(&t->pending, 0);
  if (waker) {
    t->waker = waker;
    t->was_parked = 1;
  }
}

static __always_inline void switch_in(struct task_struct *task) {
  struct thread *t = thread(task);
  if (!t || !t->blocked) return;
  t->blocked = 0;
  if (!marked(task)) return;
  t->blocks++;
  if (!t->waker) t->unresolved++;
  if (t->waker && t->was_parked) t->parked++;
  struct pair pair = {t->waker, task->pid};
  __u64 none = 0;
  __u64 *count = bpf_map_lookup_elem(&wakes, &pair);
  if (!count) {
    bpf_map_update_elem(&wakes, &pair, &none, BPF_NOEXIST);
    count = bpf_map_lookup_elem(&wakes, &pair);
  }
  if (count) __sync_fetch_and_add(count, 1);
}

SEC("tp_btf/sched_switch")
int BPF_PROG(switched, _Bool preempt, struct task_struct *prev, struct task_struct *next, unsigned state) {
  struct context *c = context();
  if (c) {
    if (c->known && c->running != prev->pid) __sync_fetch_and_add(&switches_missed, 1);
    c->known = 1;
    c->running = next->pid;
  }
  switch_out(prev, !preempt && state);
  switch_in(next);
  return 0;
}

SEC("perf_event")
int sample(void *at) {
  struct task_struct *task = bpf_get_current_task_btf();
  __sync_fetch_and_add(&samples, 1);
  struct thread *t = thread(task);
  if (t)
    t->samples++;
  else
    __sync_fetch_and_add(&samples_unattributed, 1);
  return 0;
}

SEC("tp_btf/netif_rx")
int BPF_PROG(packet_sent, struct sk_buff *packet) {
  struct context *c = context();
  if (!c) return 0;
  __u64 key = (__u64)packet;
  __u32 sender = cause(c);
  if (sender) bpf_map_update_elem(&senders, &key, &sender, BPF_ANY);
  return 0;
}

SEC("tp_btf/netif_receive_skb")
int BPF_PROG(packet_received, struct sk_buff *packet) {
  struct context *c = context();
  if (!c) return 0;
  __u64 key = (__u64)packet;
  __u32 *sender = bpf_map_lookup_elem(&senders, &key);
  c->sender = sender ? *sender : 0;
  if (sender) bpf_map_delete_elem(&senders, &key);
  return 0;
}

#define CONTEXT(tracepoint, field, value)     \
  SEC("tp_btf/" #tracepoint)                  \
  int at_##tracepoint(void *at) {             \
    struct context *c = context();            \
    if (!c) return 0;                         \
    c->field = value;                         \
    if (!c->soft) c->sender = 0;              \
    return 0;                                 \
  }

CONTEXT(softirq_entry, soft, 1)
CONTEXT(softirq_exit, soft, 0)
CONTEXT(irq_handler_entry, hard, 1)
CONTEXT(irq_handler_exit, hard, 0)
CONTEXT(local_timer_entry, hard, 1)
CONTEXT(local_timer_exit, hard, 0)
