// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
// Virtual time. G (frozen) is the time for which the world should have stood still so far; L(p) (paid) is the part of
// it that thread p has really lost. What p does at wall time w happens at the virtual time w - L(p).
//
//   I1  L(p) <= G + measured excess, and a runnable thread that owes more than a quantum is paused at its next sample
//       in user mode. Excepted is the part of a debt that is excused: it came from a waker whom nothing could delay.
//       A pause pays for the time in which nobody who queued for the same CPU has worked on it.
//   I2  Virtual time does not go back along an edge of cause and effect: whoever is woken, forked or dispatched
//       continues at the later of its own virtual time and that of its cause.
//   I3  The thread that runs the region is credited what it freezes the others for: dL = dG for its own share.
//   I4  The virtual time of a thread does not go back. A sample stands for a whole period of the region, most of which
//       has passed, in many short runs perhaps whose end others have waited for; so its credit is granted no faster
//       than the thread runs on, and is kept until then.
//
// L changes on the CPU that its thread runs on: in its samples, and when it is switched in, out of what the switch-out
// and the wake have noted. So a wake that overtakes the switch-out of the thread it wakes needs no special care.
#pragma once
#include "kernel.h"

enum { THREADS = 16384 };

enum state {
  RUNNING,
  READY,    // runs no more, but could: preempted
  BLOCKED,  // waits
  PAUSED,   // waits in our handler
  BORN,     // has not run yet
};

enum wake {
  NOBODY,
  CAUSED,     // by a thread in scope, or by a packet that one has sent
  EXOGENOUS,  // by a timer, a device, or somebody who is not in scope
};

// One thread, for as long as it lives. User space has it mapped; it writes handler and signal and nothing else. In three
// cache lines: what a wake of the thread needs, what its switches and wakes of others need, and the rest.
struct level {
  __s64 paid;          // L
  __u64 left_at;       // when it was last switched out, or began to pay
  __u64 ready_at;      // when it was woken
  __s64 waker_paid;    // L of who woke it, then
  __u32 epoch;         // that paid belongs to
  __u32 waker_epoch;   // that waker_paid belongs to
  __u8 state;
  __u8 wake;
  __u8 pausing;        // a signal is on its way, or its handler runs
  __u8 progress;       // it has passed a progress point in the epoch
  __u32 tid;
  __u32 task;          // lower half of the address of its struct task_struct; 0 until it was first looked for
  __u32 queued;        // whether it had to wait for its CPU, when it was switched in last but for pauses

  __s64 stood;         // its virtual time when it was last looked at
  __s64 entered;       // the virtual time at which it was switched in
  __s64 credit;        // that is still to be granted
  __s64 excused;       // of its debt: what it inherited from somebody whom nothing could delay
  __u64 runs_since;
  __u64 cpu;           // nanoseconds on a CPU, ever
  __s64 child_ended;   // the latest virtual time at which a thread ended that this one has made
  __u32 child_epoch;   // that child_ended belongs to
  __u32 pid;

  __u64 idle;          // nanoseconds blocked until somebody out of scope woke it, ever
  __u64 handler;       // address of our signal handler in its process; 0 is none
  __u64 paused_since;  // when the signal was sent
  __u64 worked_before; // what threads in scope had worked on that CPU until then
  __u32 paused_on;     // CPU of the last pause
  __u32 signal;        // that the handler is installed for
  __u32 place;         // of its last pause in the array of pauses
  __u32 generation;    // of the slot
  __u32 maker;         // level of the thread that has made it
  __u32 maker_generation;
  __u64 block;         // the thread's control block, when its stack was looked up there
  __u64 stack;         // its lowest usable byte; 0 is unknown
} __attribute__((aligned(64)));

struct {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __uint(map_flags, BPF_F_MMAPABLE);
  __uint(max_entries, THREADS);
  __type(key, __u32);
  __type(value, struct level);
} levels SEC(".maps");

// Which level is a thread's: whoever has one is in scope. The first threads get it from user space, all others at birth.
struct {
  __uint(type, BPF_MAP_TYPE_TASK_STORAGE);
  __uint(map_flags, BPF_F_NO_PREALLOC);
  __type(key, int);
  __type(value, __u32);
} threads SEC(".maps");

// Where the level of a thread was found, by its number; threads whose numbers share a place take turns.
enum { REMEMBERED = 1 << 16 };

struct {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __uint(max_entries, REMEMBERED);
  __type(key, __u32);
  __type(value, __u32);
} remembered SEC(".maps");

// Levels of ended threads, to be used again before fresh ones are.
struct {
  __uint(type, BPF_MAP_TYPE_STACK);
  __uint(max_entries, THREADS);
  __type(value, __u32);
} spare SEC(".maps");

// Written by user space, but for frozen and fresh, which both add to.
__u64 frozen;       // G
__u64 fresh;        // levels that were ever used
__s64 base;         // what everybody has paid when an epoch begins
__u64 epoch_began;  // wall time
__u32 epoch;        // number of the experiment; all debts end with it
__u32 counting;     // whether visits count

__u64 unlevelled;   // threads for which there was no level

INLINE struct level *level_at(__u32 index) {
  return bpf_map_lookup_elem(&levels, &index);
}

INLINE int is_of(struct level *t, struct task_struct *task) {
  return t->task == half((__u64)task) && t->tid == (__u32)task->pid;
}

// The level of a thread, and its index. Most threads of a machine are out of scope and have nothing stored at all:
// that costs them no call. Nor does it cost those who are found where they were found before.
INLINE struct level *find_level(struct task_struct *task, __u32 *found) {
  if (!task->bpf_storage) return 0;
  __u32 place = task->pid & (REMEMBERED - 1);
  __u32 *memory = bpf_map_lookup_elem(&remembered, &place);
  if (!memory) return 0;
  __u32 index = *(volatile __u32 *)memory;  // others may be looked for there meanwhile
  struct level *t = level_at(index);
  if (!t || !is_of(t, task)) {
    __u32 *stored = bpf_task_storage_get(&threads, task, 0, 0);
    if (!stored) return 0;
    index = *stored;
    *(volatile __u32 *)memory = index;
    t = level_at(index);
    if (!t) return 0;
    t->task = half((__u64)task);
  }
  *found = index;
  return t;
}

INLINE struct level *level_of(struct task_struct *task) {
  __u32 index;
  return find_level(task, &index);
}

INLINE __s64 earlier(__s64 a, __s64 b) {
  return a < b ? a : b;
}

INLINE __s64 later(__s64 a, __s64 b) {
  return a > b ? a : b;
}

// A thread enters the epoch when it is first looked at in it: whatever it owed before is forgiven.
INLINE void enter_epoch(struct level *t) {
  __u32 now = epoch;
  if (t->epoch == now) return;
  t->paid = base;
  t->credit = 0;
  t->excused = 0;
  t->stood = (__s64)epoch_began - base;
  t->entered = t->stood;
  t->progress = 0;
  if (t->left_at < epoch_began) t->left_at = epoch_began;
  if (t->paused_since < epoch_began) t->paused_since = epoch_began;
  t->epoch = now;
}

INLINE void grant(struct level *t, __u64 now) {
  __s64 room = (__s64)now - t->paid - t->stood;
  if (room <= 0) return;
  __s64 granted = earlier(room, t->credit);
  t->paid += granted;
  t->credit -= granted;
}

// Who joins a thread, or waits for a process, that has ended already does so without a wake. It is nearly always the
// maker: it does not get ahead of its children's ends.
INLINE void meet_children(struct level *t, __u64 now) {
  if (t->child_epoch != t->epoch || !t->child_ended) return;
  if (t->child_ended > (__s64)now - t->paid) t->paid = now - t->child_ended;
  t->child_ended = 0;
}

// The virtual time of a thread that runs.
INLINE __s64 virtual_time(struct level *t, __u64 now) {
  enter_epoch(t);
  if (t->credit) grant(t, now);
  meet_children(t, now);
  t->stood = later(t->stood, now - t->paid);
  return now - t->paid;
}

INLINE void end_before_maker(struct level *t, __u64 now) {
  struct level *maker = level_at(t->maker);
  if (!maker || maker->generation != t->maker_generation) return;
  if (maker->epoch == t->epoch) maker->credit += t->credit;  // it works for its maker
  __s64 at = now - t->paid;
  if (maker->child_epoch == t->epoch && maker->child_ended > at) return;
  maker->child_epoch = t->epoch;
  maker->child_ended = at;
}
