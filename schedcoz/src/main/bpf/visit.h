// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
// Progress: visits of a place, at their virtual times.
#pragma once
#include "context.h"

enum { POINTS = 16 };

struct visits {
  __u64 count;
  __s64 first;  // virtual times
  __s64 last;
  __u32 epoch;
  __u32 unused;
};

// By the number of the progress point; of this CPU.
struct {
  __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
  __uint(max_entries, POINTS);
  __type(key, __u32);
  __type(value, struct visits);
} visits SEC(".maps");

INLINE int visit(__u32 point) {
  if (!counting) return 0;
  struct level *t = level_of(bpf_get_current_task_btf());
  if (!t) return 0;
  struct visits *v = bpf_map_lookup_elem(&visits, &point);
  if (!v) return 0;
  __s64 at = virtual_time(t, bpf_ktime_get_ns());
  t->progress = 1;
  if (v->epoch != t->epoch) {
    v->epoch = t->epoch;
    v->count = 0;
    v->first = at;
    v->last = at;
  }
  v->count++;
  v->first = earlier(v->first, at);
  v->last = later(v->last, at);
  return 0;
}

// The number of the point is the cookie.
SEC("kprobe")
int visit_instruction(void *at) {
  return visit(bpf_get_attach_cookie(at));
}

SEC("tracepoint")
int visit_tracepoint(void *at) {
  return visit(bpf_get_attach_cookie(at));
}
