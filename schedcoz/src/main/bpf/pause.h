// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
// A thread that owes is sent a signal whose handler, ours, sleeps to a deadline. It is sent out of the debtor's own
// sample and only if that is certain to harm nothing; the kernel delivers it before the thread runs on.
#pragma once
#include "area.h"
#include "context.h"

enum { PAUSES = 4096 };

enum progress_of_pause { NONE, ARMED, SLEEPING, SLEPT };

// What the handler looks for. It knows the interrupted stack pointer and instruction, and that is also how it knows
// that the pause is meant for it. The target can write here: nothing but its own pauses depends on it.
struct pause {
  __u64 sp;
  __u64 ip;
  __u32 progress;
  __u32 level;
  __u64 unused;
  __u64 seconds;  // struct timespec, CLOCK_MONOTONIC
  __u64 nanos;
  __u64 unused2[2];
};

struct {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __uint(map_flags, BPF_F_MMAPABLE);
  __uint(max_entries, PAUSES);
  __type(key, __u32);
  __type(value, struct pause);
} pauses SEC(".maps");

// Written by user space.
__u64 quantum = 100 * 1000;              // debts below are not collected
__u64 longest_pause = 20 * 1000 * 1000;  // of one signal
__u32 pausing;                           // whether signals are sent
const volatile __u32 frame_bytes = 16384;  // what a signal may need below the stack pointer

// A thread's control block lies above its stack, with little between its beginning and the stack's upper end.
enum { CONTROL_BLOCK = 2400, LARGEST_TOP = 16384 };
enum { WORDS = 16, NEWS = WORDS - 2 };

struct words {
  __u64 at[WORDS];
};

// The lowest usable byte of a thread's stack, as the C library notes it in the thread's control block: its lowest byte,
// its size and that of its guard, one behind the other (glibc: stackblock; musl: map_base and map_size). Where they lie
// there differs from version to version, so that they are looked for. No edge of a mapping tells as much: a stack can
// be a part of a mapping, whose end is somebody else's. 0: it is not noted.
static __attribute__((noinline)) __u64 lowest_of_stack(__u64 block, __u64 sp) {
  for (__u32 at = 0; at < CONTROL_BLOCK; at += NEWS * sizeof(__u64)) {
    struct words words = {};
    if (bpf_probe_read_user(&words, sizeof words, (const void *)(block + at))) return 0;
    for (int i = 0; i < NEWS; i++) {
      __u64 lowest = words.at[i];
      __u64 size = words.at[i + 1];
      if (!lowest || lowest >= sp || size > 1ULL << 40) continue;
      __u64 end = lowest + size;
      if (end <= block || end - block > LARGEST_TOP) continue;
      __u64 guard = words.at[i + 2];
      return guard < size ? lowest + guard : lowest;
    }
  }
  return 0;
}

// Whether the kernel can write a signal frame where it would. Below a stack pointer anything may lie: a coroutine's
// stack can be a piece of the heap. So it must be on a stack whose end is known: the process's own, or a thread's.
INLINE int room(struct task_struct *task, struct level *t, __u64 sp) {
  struct mm_struct *mm = task->mm;
  if (!mm) return 0;
  struct area stack = {};
  __u64 alternate = task->sas_ss_sp;
  __u64 size = task->sas_ss_size;
  if (size) {
    __u64 top = alternate + size;
    if (sp - alternate <= size) {
      // the kernel would begin at its upper end, where a handler may be
      if (task->sas_ss_flags & SS_AUTODISARM) return 0;
      top = sp;
    }
    if (top - alternate < frame_bytes) return 0;
    return area_at((__u64)mm, top - 1, &stack) && stack.flags & VM_WRITE && top - stack.start >= frame_bytes;
  }
  if (!area_at((__u64)mm, sp, &stack) || !(stack.flags & VM_WRITE)) return 0;
  if (stack.flags & VM_GROWSDOWN) {
    // the process's own, which grows as far as its limit; the kernel's start_stack is its beginning
    __u64 own = mm->start_stack;
    if (sp > own || own < stack.start) return 0;
    return sp - stack.start >= frame_bytes ||
           stack.end - sp + frame_bytes <= task->signal->rlim[RLIMIT_STACK].rlim_cur;
  }
  __u64 block = task->thread.fsbase;
  if (sp >= block || block >= stack.end) return 0;
  if (t->block != block) {
    t->stack = lowest_of_stack(block, sp);
    t->block = block;
  }
  __u64 lowest = t->stack;
  if (!lowest) return 0;
  if (lowest < stack.start) lowest = stack.start;
  return sp > lowest && sp - lowest >= frame_bytes;
}

INLINE __u64 handler_of(struct task_struct *task, __u32 signal) {
  __u64 handler = 0;
  const struct sighand_struct *actions = task->sighand;
  const char *action = (const char *)&actions->action[0];
  __u64 size = __builtin_preserve_type_info(*(struct k_sigaction *)0, 1);
  bpf_probe_read_kernel(&handler, sizeof handler, action + (signal - 1) * size);
  return handler;
}

INLINE int may_pause(struct task_struct *task, struct level *t) {
  __u32 signal = t->signal;
  if (!t->handler || signal < 32 || signal > 64) return 0;
  __u64 bit = 1ULL << (signal - 1);
  if (task->blocked.sig[0] & bit || task->pending.signal.sig[0] & bit) return 0;
  return handler_of(task, signal) == t->handler;
}

enum { HANDLER_BYTES = 256 };        // at most
enum { DELIVERY = 50 * 1000 };       // for which a signal may be on its way, and not be seen to be pending any more

// Whether a thread that runs in user mode is still to sleep. One that was told to, and whose entry somebody else has
// taken since, will not. Nor will one whose signal was delivered elsewhere than where it was interrupted: the kernel
// holds signals back while it takes a thread past a probed instruction (uprobe_deny_signal, kernel/events/uprobes.c).
INLINE int is_pausing(struct task_struct *task, struct level *t, __u32 index, __u64 now, __u64 ip) {
  if (!t->pausing) return 0;
  __u32 place = t->place;
  struct pause *p = bpf_map_lookup_elem(&pauses, &place);
  if (!p || p->level != index) return 0;
  if (p->progress == SLEEPING) return 1;
  if (p->progress != ARMED) return 0;
  if (now - t->paused_since < DELIVERY || ip - t->handler < HANDLER_BYTES) return 1;
  if (task->pending.signal.sig[0] & 1ULL << (t->signal - 1)) return 1;
  p->progress = NONE;
  t->pausing = 0;
  return 0;
}

INLINE void pause(struct cpu *c, struct task_struct *task, struct level *t, __u32 index, __u64 now, __u64 owed,
                  __u64 sp, __u64 ip) {
  if (!may_pause(task, t)) {
    c->unpausable++;
    return;
  }
  if (!room(task, t, sp)) {
    c->unpausable++;
    c->no_room++;
    return;
  }
  __u32 place = (sp >> 4) & (PAUSES - 1);
  struct pause *p = bpf_map_lookup_elem(&pauses, &place);
  if (!p) return;
  if (owed > longest_pause) owed = longest_pause;
  __u64 until = now + owed;
  p->progress = NONE;
  p->sp = sp;
  p->ip = ip;
  p->level = index;
  p->seconds = until / 1000000000;
  p->nanos = until % 1000000000;
  p->progress = ARMED;
  if (bpf_send_signal_thread(t->signal)) {
    p->progress = NONE;
    c->unpausable++;
    return;
  }
  t->pausing = 1;
  t->place = place;
  t->paused_since = now;
  c->pauses++;
}
