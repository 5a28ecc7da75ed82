// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
// Requests: from a visit of their begin to a visit of their end, in virtual time. The two are paired by the thread, or
// by a word that both places can see: an argument, or what a static probe passes.
#pragma once
#include "visit.h"

enum { REQUESTS = 65536, PARTS_BITS = 4, PARTS = 1 << PARTS_BITS, BUCKETS = (44 - PARTS_BITS + 1) * PARTS };

// Where the key of a request is found at a place.
enum key_kind {
  KEY_THREAD,    // it is the thread
  KEY_REGISTER,  // a register
  KEY_MEMORY,    // what a register points to, with a displacement
  KEY_CONSTANT,
};

struct key {
  __u8 kind;
  __u8 bytes;          // 1, 2, 4 or 8
  __u8 sign;           // whether it is extended with its sign
  __u8 registers_at;   // offset of the register in what an instruction's program gets
  __s32 displacement;  // or the constant
};

// By the number of the place, as in the cookies.
struct {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __uint(max_entries, 256);
  __type(key, __u32);
  __type(value, struct key);
} keys SEC(".maps");

struct request {
  __u64 key;
  __u32 point;
  __u32 process;  // keys are addresses or numbers of a process; 0 where they are threads
};

struct begun {
  __s64 virtual_time;
  __u64 wall_time;
  __u32 epoch;
  __u32 unused;
};

struct {
  __uint(type, BPF_MAP_TYPE_LRU_HASH);
  __uint(max_entries, REQUESTS);
  __type(key, struct request);
  __type(value, struct begun);
} requests SEC(".maps");

struct latencies {
  __u64 count;
  __u64 total;     // virtual nanoseconds
  __u64 unpaired;  // ends whose begin was not seen
  __u64 wall_total;
  __u32 epoch;
  __u32 unused;
  __u32 buckets[BUCKETS];       // virtual
  __u32 wall_buckets[BUCKETS];  // what users of the target notice
};

struct {
  __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
  __uint(max_entries, POINTS);
  __type(key, __u32);
  __type(value, struct latencies);
} latencies SEC(".maps");

// The bucket of a duration: its power of two, divided into 16 parts. As in Latencies.java.
INLINE __u32 bucket(__u64 nanos) {
  if (nanos < PARTS) return nanos;
  __u32 exponent = 0;
  __u64 rest = nanos;
  if (rest >> 32) exponent += 32, rest >>= 32;
  if (rest >> 16) exponent += 16, rest >>= 16;
  if (rest >> 8) exponent += 8, rest >>= 8;
  if (rest >> 4) exponent += 4, rest >>= 4;
  if (rest >> 2) exponent += 2, rest >>= 2;
  if (rest >> 1) exponent += 1;
  __u32 part = (nanos >> ((exponent - PARTS_BITS) & 63)) & (PARTS - 1);
  __u32 b = (exponent - PARTS_BITS + 1) * PARTS + part;
  return b < BUCKETS ? b : BUCKETS - 1;
}

// Of an instruction; a tracepoint has no registers, and its key is the thread.
INLINE __u64 key_of(const void *at, struct key *key, struct level *t) {
  __u64 word = 0;
  if (key->kind == KEY_THREAD) return t->tid;
  if (key->kind == KEY_CONSTANT) {
    word = (__s64)key->displacement;
  } else {
    __u32 offset = key->registers_at;
    if (offset > sizeof(struct registers) - 8) return 0;
    bpf_probe_read_kernel(&word, sizeof word, (const char *)at + offset);
  }
  if (key->kind == KEY_MEMORY) {
    __u64 from = word + key->displacement;
    word = 0;
    bpf_probe_read_user(&word, sizeof word, (const void *)from);
  }
  __u32 unused = (64 - key->bytes * 8) & 63;
  return key->sign ? (__u64)((__s64)(word << unused) >> unused) : word << unused >> unused;
}

// A cookie: the number of the progress point, and of the place's key.
INLINE int timed(void *at, int ends) {
  if (!counting) return 0;
  __u64 cookie = bpf_get_attach_cookie(at);
  __u32 point = cookie & 0xffff;
  __u32 key_number = cookie >> 16 & 0xff;
  if (ends) visit(point);
  struct level *t = level_of(bpf_get_current_task_btf());
  struct key *key = bpf_map_lookup_elem(&keys, &key_number);
  if (!t || !key) return 0;
  __u64 now = bpf_ktime_get_ns();
  __s64 virtual_now = virtual_time(t, now);
  struct request request = {.point = point};
  request.key = key_of(at, key, t);
  if (key->kind != KEY_THREAD) request.process = t->pid;
  if (!ends) {
    struct begun begun = {.virtual_time = virtual_now, .wall_time = now, .epoch = t->epoch};
    bpf_map_update_elem(&requests, &request, &begun, BPF_ANY);
    return 0;
  }
  struct latencies *l = bpf_map_lookup_elem(&latencies, &point);
  if (!l) return 0;
  if (l->epoch != t->epoch) {
    l->epoch = t->epoch;
    l->count = 0;
    l->total = 0;
    l->unpaired = 0;
    l->wall_total = 0;
    // the buckets are emptied by user space between experiments
  }
  t->progress = 1;
  struct begun *begun = bpf_map_lookup_elem(&requests, &request);
  if (!begun || begun->epoch != t->epoch) {
    l->unpaired++;
    return 0;
  }
  __s64 took = virtual_now - begun->virtual_time;
  if (took < 0) took = 0;
  __u64 wall = now - begun->wall_time;
  bpf_map_delete_elem(&requests, &request);
  l->count++;
  l->total += took;
  l->wall_total += wall;
  __u32 b = bucket(took);
  if (b < BUCKETS) l->buckets[b]++;
  b = bucket(wall);
  if (b < BUCKETS) l->wall_buckets[b]++;
  return 0;
}

SEC("kprobe")
int begin_instruction(void *at) {
  return timed(at, 0);
}

SEC("kprobe")
int end_instruction(void *at) {
  return timed(at, 1);
}

SEC("tracepoint")
int begin_tracepoint(void *at) {
  return timed(at, 0);
}

SEC("tracepoint")
int end_tracepoint(void *at) {
  return timed(at, 1);
}
