// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
// The accounting of causal experiments. Read level.h first: what virtual time is.
#include "pause.h"
#include "region.h"
#include "visit.h"
#include "latency.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";

enum { TASK_DEAD = 0x80 };

// A thread that had to wait no longer than this for its CPU has preempted whoever had it: it did not wait for its work.
enum { PREEMPTION = 100 * 1000 };

__u32 active;          // whether the region is made faster
__u32 speedup;         // the part of its time that it is spared, in 1/65536
__u32 delay;           // control experiments: the part of wall time for which everybody is delayed, in 1/65536
__u32 delaying_cpu;    // whose clock counts for that
// All CPUs are sampled at the same moments, and everybody pays for what was frozen before the moment: so those who owe
// the same stop and go on together, as the world that stands still would. Whoever waits for another one by spinning
// does not wait longer for it then.
__u64 tick_period;  // nanoseconds
__u64 tick_phase;   // when the clocks tick, modulo the period
__u32 in_step;      // whether they do so at the same moments
__u64 step;         // number of the moment
__u64 visible;      // G before it

// A debt of so many periods is one that its thread has had no chance to pay.
enum { HOPELESS = 12 };

enum { MOST_TICKS = 4 };  // a sample never stands for more of them

SEC("tp_btf/sched_process_fork")
int born(__u64 *arguments) {
  ARGUMENT(struct task_struct *, parent, 0);
  ARGUMENT(struct task_struct *, child, 1);
  struct level *from = level_of(parent);
  if (!from) return 0;
  __u32 index;
  if (bpf_map_pop_elem(&spare, &index)) index = __sync_fetch_and_add(&fresh, 1);
  struct level *t = level_at(index);
  // here and not in a sample, where the kernel may not allocate
  if (!t || !bpf_task_storage_get(&threads, child, &index, BPF_LOCAL_STORAGE_GET_F_CREATE)) {
    __sync_fetch_and_add(&unlevelled, 1);
    if (t) bpf_map_push_elem(&spare, &index, BPF_ANY);
    return 0;
  }
  __u64 now = bpf_ktime_get_ns();
  t->stood = virtual_time(from, now);
  t->credit = 0;
  t->excused = from->excused;
  t->paid = from->paid;
  t->epoch = from->epoch;
  t->left_at = now;
  t->ready_at = now;
  t->wake = NOBODY;
  t->state = BORN;
  t->pausing = 0;
  t->progress = 0;
  t->paused_since = 0;
  t->cpu = 0;
  t->idle = 0;
  t->handler = from->handler;
  t->signal = from->signal;
  t->block = 0;
  t->generation++;
  t->child_ended = 0;
  __u32 *maker = bpf_task_storage_get(&threads, parent, 0, 0);
  t->maker = maker ? *maker : 0;
  t->maker_generation = from->generation;
  t->pid = child->tgid;
  t->tid = child->pid;
  t->task = half((__u64)child);
  return 0;
}

// The new program has neither our handler nor the old one's memory.
SEC("tp_btf/sched_process_exec")
int executed(__u64 *arguments) {
  ARGUMENT(struct task_struct *, task, 0);
  struct level *t = level_of(task);
  if (!t) return 0;
  t->handler = 0;
  t->block = 0;
  t->pausing = 0;
  t->pid = task->tgid;
  t->tid = task->pid;
  return 0;
}

SEC("tp_btf/sched_waking")
int waking(__u64 *arguments) {
  ARGUMENT(struct task_struct *, task, 0);
  struct level *t = level_of(task);
  struct cpu *c = this_cpu();
  if (!t || !c) return 0;
  __s64 paid = 0;
  __u32 of_epoch = 0;
  __u64 now = bpf_ktime_get_ns();
  t->wake = cause(c, now, &paid, &of_epoch) ? CAUSED : EXOGENOUS;
  t->waker_paid = paid;
  t->waker_epoch = of_epoch;
  t->ready_at = now;
  return 0;
}

INLINE void leave(struct cpu *c, struct level *t, __u32 own, __u64 now, int blocks, int dies) {
  __s64 at = virtual_time(t, now);
  __u64 ran = now - t->runs_since;
  if (t->state == RUNNING && ran < 1ULL << 40) {
    t->cpu += ran;
    c->cpu_nanos += ran;
  }
  t->left_at = now;
  t->state = blocks ? BLOCKED : READY;
  if (t->pausing) {
    __u32 place = t->place;
    struct pause *p = bpf_map_lookup_elem(&pauses, &place);
    int mine = p && p->level == own;
    if (blocks && mine && p->progress == SLEEPING)
      t->state = PAUSED;
    else if (!mine || p->progress == SLEPT)
      t->pausing = 0;
  }
  if (t->state == PAUSED) at = (__s64)t->paused_since - t->paid;  // its way into the pause is no work
  if (t->queued) c->worked += later(at - t->entered, 0);
  if (t->state == PAUSED) {
    t->paused_on = bpf_get_smp_processor_id();
    t->worked_before = c->worked;
  }
  if (dies) {
    end_before_maker(t, now);
    t->tid = 0;
    t->task = 0;
    bpf_map_push_elem(&spare, &own, BPF_ANY);
  }
}

// Where a thread continues in virtual time: at the later of where it stood and where its cause stood.
INLINE __s64 after_wait(struct cpu *c, struct level *t, __u64 *ready) {
  __s64 stood = t->left_at - t->paid;
  __u64 woken = t->ready_at;
  if (t->wake == NOBODY) {
    c->unexplained++;
    return t->paid;
  }
  if (woken < t->left_at) {
    c->overtaken++;
    *ready = t->left_at;
  } else {
    *ready = woken;
  }
  if (t->wake == CAUSED) {
    __s64 waker = t->waker_epoch == t->epoch ? t->waker_paid : base;
    __s64 caused = woken - waker;
    __s64 paid = *ready - later(caused, stood);
    // Somebody who hardly ever runs, but sleeps and then wakes others, owes more and more. To pay its debt in its place
    // would be in vain: at the next wake all is as before.
    int hopeless = caused >= stood && (__s64)frozen - waker > HOPELESS * (__s64)tick_period;
    t->excused = hopeless ? (__s64)frozen - paid : 0;
    return paid;
  }
  // time that nobody in scope could shorten: all that was owed meanwhile is still owed
  t->idle += *ready - t->left_at;
  return t->paid;
}

INLINE void enter(struct cpu *c, struct level *t, struct level *before, int before_waits, int before_idle, __u64 now) {
  enter_epoch(t);
  __u64 ready = now;
  __s64 paid = t->paid;
  if (t->state == BLOCKED) {
    paid = after_wait(c, t, &ready);
  } else if (t->state == PAUSED) {
    // all since the signal was sent is its doing, the way back to a CPU, too
    __u64 lost = now - t->paused_since;
    c->paused += lost;
    t->pausing = 0;
    // but the CPU should have stood still: what those who wait for it have done meanwhile has come before
    __u64 done = t->paused_on == bpf_get_smp_processor_id() ? c->worked - t->worked_before : 0;
    paid += lost - (done < lost ? done : lost);
  } else if (t->state == READY) {
    ready = t->left_at;
  } else if (t->state == BORN) {
    ready = later(t->ready_at, t->left_at);
  }
  __u64 waited = now > ready ? now - ready : 0;
  // one that was preempted goes on wanting the CPU that it has waited for, however soon it gets it back
  int queued = waited >= PREEMPTION || (t->state == READY && t->queued);
  if (before) {
    // it waited for the work of one in scope: the CPU is free when that is done, in virtual time, too
    __u64 way = before->state == PAUSED ? now - before->paused_since : 0;  // into its pause: no work of anybody
    if (before_waits || queued) paid = earlier(paid + waited, before->paid + way);
  } else if (!before_idle) {
    c->stolen += waited;
  }
  if (t->state != PAUSED) t->queued = queued;
  t->paid = paid;
  t->stood = later(t->stood, now - paid);
  t->entered = now - paid;
  t->wake = NOBODY;
  t->state = RUNNING;
  t->runs_since = now;
}

SEC("tp_btf/sched_switch")
int switched(__u64 *arguments) {
  ARGUMENT(int, preempted, 0);
  ARGUMENT(struct task_struct *, prev, 1);
  ARGUMENT(struct task_struct *, next, 2);
  ARGUMENT(__u32, state, 3);
  struct cpu *c = this_cpu();
  if (!c) return 0;
  c->sender_known = 0;
  check(c, CHECKED_SWITCH, THREAD);
  int waits = !(preempted & 1) && state;
  int dies = waits && state & TASK_DEAD;
  __u32 own = 0;
  __u32 next_index = 0;
  struct level *before = 0;
  // who came into scope while it ran is looked at from its next sample on, but must not die unseen
  if (c->running || dies) before = running_level(c, prev, &own);
  struct level *t = find_level(next, &next_index);
  int leaves = before != 0;
  asm volatile("" : "+r"(leaves));  // or else the compiler asks for both at once: the verifier knows no "or" of pointers
  if (!leaves && !t) {
    c->running = 0;
    return 0;
  }
  __u64 now = bpf_ktime_get_ns();
  if (before) leave(c, before, own, now, waits, dies);
  if (t) enter(c, t, before, waits, prev->pid == 0, now);
  c->running = t ? next_index + 1 : 0;
  return 0;
}

INLINE __u64 frozen_before(__u64 now) {
  __u64 length = tick_period;
  if (!in_step || !length) return frozen;
  __u64 mine = (now - tick_phase + length / 2) / length;
  __u64 last = step;
  if (mine > last && __sync_val_compare_and_swap(&step, last, mine) == last) visible = frozen;
  return visible;
}

// A tick stands for a period, and those that were missed because the CPU was halted, or was taken away by a hypervisor,
// for one each; but who has come onto the CPU since then is charged those alone that would have found it there.
INLINE __u64 charge(struct level *t, __u64 now, __u64 since_tick) {
  __u64 length = tick_period;
  if (!length) return since_tick;
  __u64 missed = (since_tick + length / 2) / length;
  __u64 present = (now - t->runs_since) / length + 1;
  __u64 ticks = missed < present ? missed : present;
  if (ticks < 1) ticks = 1;
  return length * (ticks < MOST_TICKS ? ticks : MOST_TICKS);
}

// The clock of a CPU: whoever runs on it is charged its period.
SEC("perf_event")
int sample(struct registers *at) {
  struct cpu *c = this_cpu();
  if (!c) return 0;
  __u64 now = bpf_ktime_get_ns();
  __u64 since_tick = now - c->ticked_at;
  c->ticked_at = now;
  check(c, CHECKED_TICK, STRANGER);
  __u64 due = frozen_before(now);
  if (delay && bpf_get_smp_processor_id() == delaying_cpu) {
    __u64 most = MOST_TICKS * tick_period;
    __sync_fetch_and_add(&frozen, (since_tick < most ? since_tick : most) * delay >> 16);
  }

  struct task_struct *task = bpf_get_current_task_btf();
  __u32 index;
  struct level *t = find_level(task, &index);
  if (!t) return 0;
  c->running = index + 1;
  enter_epoch(t);
  int user = (at->cs & 3) == 3;
  c->samples++;
  if (!user) {
    c->kernel_samples++;
  } else if (in_region(c, task, at->ip)) {
    __u64 period = charge(t, now, since_tick);
    c->region_samples++;
    c->region_nanos += period;
    if (active) {
      __u64 spared = period * speedup >> 16;
      __sync_fetch_and_add(&frozen, spared);
      t->credit += spared;
    }
  }
  virtual_time(t, now);
  __s64 owed = (__s64)(due - (__u64)(t->paid + t->credit));
  if (owed <= 0) {
    t->excused = 0;
    return 0;
  }
  c->debts++;
  c->debt += owed;
  if (c->debt_epoch != epoch) {
    c->debt_epoch = epoch;
    c->most_debt = 0;
  }
  if (owed > c->most_debt) c->most_debt = owed;
  if (t->excused) {
    if (t->excused > owed) t->excused = owed;
    owed -= t->excused;
  }
  if (user && pausing && owed >= quantum && !is_pausing(task, t, index, now, at->ip)) {
    pause(c, task, t, index, now, owed, at->sp, at->ip);
  }
  return 0;
}
