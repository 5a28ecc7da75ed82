// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
// What a CPU is doing besides its thread, so that a wake is credited to who caused it. The kernel's own counter of that
// is read where it can be found; BPF has no name for it (__preempt_count is a ksym only with CONFIG_KALLSYMS_ALL), but
// it lies at a known distance from the CPU's run queue. Elsewhere the context is kept from the tracepoints around it: two
// more programs for each message.
#pragma once
#include "level.h"

struct cpu {
  __u8 hard;           // an interrupt is being handled
  __u8 soft;           // a softirq is
  __u8 sender_known;   // the packet that it works on comes from scope
  __u8 checked;        // enum check
  __u32 sender_epoch;
  __u32 running;       // the level of its thread, and 1; 0 when that is out of scope, or has come into it just now
  __u32 misread;       // counters that cannot be what they are taken for
  __u64 queue;         // address of its struct rq, once that is known
  __s64 sender_paid;
  __u64 ticked_at;     // its clock
  __u64 worked;        // nanoseconds of virtual time that threads in scope which had queued for it have run, ever
  // amounts since the beginning
  __u64 samples;
  __u64 kernel_samples;
  __u64 region_samples;
  __u64 region_nanos;
  __u64 unplaced;      // samples in user mode whose code is not known
  __u64 cpu_nanos;
  __u64 stolen;        // nanoseconds that threads in scope waited for a CPU that others used
  __u64 debts;         // samples with a debt
  __u64 debt;          // sum of what they owed
  __u64 most_debt;     // in the epoch
  __u32 debt_epoch;
  __u32 unused2;
  __u64 pauses;        // signals sent
  __u64 paused;        // nanoseconds
  __u64 unpausable;    // debts of a quantum for which no signal could be sent
  __u64 no_room;       // of them, for want of room on the stack
  __u64 overtaken;     // wakes before the switch
  __u64 unexplained;   // waits that ended with no wake seen
  __u64 lost_places;   // samples for which the histogram had no room
};

struct {
  __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
  __uint(max_entries, 1);
  __type(key, __u32);
  __type(value, struct cpu);
} cpus SEC(".maps");

INLINE struct cpu *this_cpu(void) {
  __u32 zero = 0;
  return bpf_map_lookup_elem(&cpus, &zero);
}

// Distances from a CPU's struct rq; 0 is unknown: then the context is kept.
const volatile __s64 preempt_count_at;     // of its preemption count (include/linux/preempt.h)
const volatile __s64 in_net_rx_action_at;  // of softnet_data.in_net_rx_action: packets are being received

enum { SERVING_SOFTIRQ = 1 << 8, INTERRUPT = 0xff << 16 };  // hard, and not maskable

INLINE __u32 word_at(struct cpu *c, __s64 distance) {
  if (!c->queue) c->queue = (__u64)bpf_get_current_task_btf()->se.cfs_rq->rq;
  const struct refcount_struct *word =
      bpf_rdonly_cast((void *)(c->queue + distance), KERNEL_TYPE_ID(struct refcount_struct));
  return word->refs.counter;
}

// Whose doing is what a CPU does.
enum doer { THREAD, SENDER, STRANGER };

INLINE enum doer doer_followed(struct cpu *c) {
  if (c->hard) return STRANGER;
  if (!c->soft) return THREAD;
  return c->sender_known ? SENDER : STRANGER;
}

// A sender is known from a packet's arrival until the CPU switches. Softirqs other than the one that receives packets are
// not its doing; what that one does before its first packet would be taken for the doing of the last sender.
INLINE enum doer doer(struct cpu *c) {
  if (!preempt_count_at) return doer_followed(c);
  __u32 count = word_at(c, preempt_count_at);
  if (count & INTERRUPT) return STRANGER;
  if (!(count & SERVING_SOFTIRQ)) return THREAD;
  return c->sender_known && word_at(c, in_net_rx_action_at) & 255 ? SENDER : STRANGER;
}

// Programs that know where they run look once whether the counters say so.
enum check { CHECKED_SWITCH = 1, CHECKED_TICK = 2 };

INLINE void check(struct cpu *c, enum check which, enum doer known) {
  if (!preempt_count_at || c->checked & which) return;
  c->checked |= which;
  if (doer(c) != known) c->misread++;
}

// A level on its way with a packet, from netif_rx to netif_receive_skb. A packet's place is given by its address: of two
// with the same place, which is rare, the older one is from nobody.
enum { PASSAGE_BITS = 14 };

struct passage {
  __u64 packet;
  __s64 paid;
  __u32 epoch;
  __u32 sent_at;  // jiffies
};

struct {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __uint(max_entries, 1 << PASSAGE_BITS);
  __type(key, __u32);
  __type(value, struct passage);
} packets SEC(".maps");

// A packet that was dropped is never received, and its address is used again.
enum { LONGEST_PASSAGE = 5 };  // jiffies

INLINE struct passage *passage_of(__u64 packet) {
  __u32 place = half(packet) * 0x9e3779b1U >> (32 - PASSAGE_BITS);
  return bpf_map_lookup_elem(&packets, &place);
}

// The thread of this CPU. What is remembered is not trusted: some kernels hide switches.
INLINE struct level *running_level(struct cpu *c, struct task_struct *task, __u32 *index) {
  __u32 running = c->running;
  if (running) {
    *index = running - 1;
    struct level *t = level_at(running - 1);
    if (t && is_of(t, task)) return t;
  }
  return find_level(task, index);
}

// The level of whoever causes what this CPU is doing; 0 when that is nobody in scope.
INLINE int cause(struct cpu *c, __u64 now, __s64 *paid, __u32 *of_epoch) {
  enum doer who = doer(c);
  if (who == STRANGER) return 0;
  if (who == SENDER) {
    *paid = c->sender_paid;
    *of_epoch = c->sender_epoch;
    return 1;
  }
  __u32 index = 0;
  struct level *u = running_level(c, bpf_get_current_task_btf(), &index);
  if (!u) return 0;
  virtual_time(u, now);
  *paid = u->paid;
  *of_epoch = u->epoch;
  return 1;
}

SEC("tp_btf/netif_rx")
int packet_sent(__u64 *arguments) {
  ARGUMENT(__u64, packet, 0);
  struct cpu *c = this_cpu();
  struct passage *p = passage_of(packet);
  if (!c || !p) return 0;
  __s64 paid = 0;
  __u32 of_epoch = 0;
  __u64 now = bpf_ktime_get_ns();
  if (!cause(c, now, &paid, &of_epoch)) {
    if (p->packet == packet) p->packet = 0;
    return 0;
  }
  // who sees the packet sees all of it: x86 stores in this order, and the compiler is told to
  *(volatile __u64 *)&p->packet = 0;
  p->paid = paid;
  p->sent_at = bpf_jiffies64();
  p->epoch = of_epoch;
  asm volatile("" ::: "memory");
  *(volatile __u64 *)&p->packet = packet;
  return 0;
}

SEC("tp_btf/netif_receive_skb")
int packet_received(__u64 *arguments) {
  ARGUMENT(__u64, packet, 0);
  struct cpu *c = this_cpu();
  struct passage *p = passage_of(packet);
  if (!c || !p) return 0;
  c->sender_known = 0;
  if (p->packet != packet) return 0;
  if ((__u32)bpf_jiffies64() - p->sent_at <= LONGEST_PASSAGE) {
    c->sender_paid = p->paid;
    c->sender_epoch = p->epoch;
    c->sender_known = 1;
  }
  p->packet = 0;
  return 0;
}

#define CONTEXT(tracepoint, field, value) \
  SEC("tp_btf/" #tracepoint)              \
  int at_##tracepoint(void *at) {         \
    struct cpu *c = this_cpu();           \
    if (c) {                              \
      c->field = value;                   \
      if (!c->soft) c->sender_known = 0;  \
    }                                     \
    return 0;                             \
  }

CONTEXT(softirq_entry, soft, 1)
CONTEXT(softirq_exit, soft, 0)
CONTEXT(irq_handler_entry, hard, 1)
CONTEXT(irq_handler_exit, hard, 0)
CONTEXT(local_timer_entry, hard, 1)
CONTEXT(local_timer_exit, hard, 0)
