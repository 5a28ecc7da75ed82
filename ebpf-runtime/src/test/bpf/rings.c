// Known sequences for the readers of rings. What was written, and what could not be, is counted here for each CPU, so
// that a reader can be held against it.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

#define CPUS 256
#define MOST_WORDS 64
#define MIX 0x9e3779b97f4a7c15ULL

struct record {
  __u64 cpu;
  __u64 sequence;
  __u64 fill[MOST_WORDS];  // word i is sequence * MIX + i; records end anywhere
};

struct counts {
  __u64 next;  // sequence number of the next attempt
  __u64 sent;
  __u64 failed;
  __u64 discarded;
  __u64 sum;  // over what was sent, in any order
};

struct {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __uint(map_flags, BPF_F_MMAPABLE);
  __uint(max_entries, CPUS);
  __type(key, __u32);
  __type(value, struct counts);
} counted SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
  __uint(max_entries, 1);
  __type(key, __u32);
  __type(value, struct record);
} drafts SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_RINGBUF);
  __uint(max_entries, 65536);
} ring SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
  __uint(key_size, 4);
  __uint(value_size, 4);
  __uint(max_entries, CPUS);
} events SEC(".maps");

static __always_inline void fill(struct record *record, __u64 cpu, __u64 sequence, int words) {
  record->cpu = cpu;
  record->sequence = sequence;
  for (int i = 0; i < words; i++) record->fill[i] = sequence * MIX + i;
}

static __always_inline void sent(struct counts *c, __u64 cpu, __u64 sequence, __u64 length) {
  c->sent++;
  c->sum += (sequence + 1) * MIX ^ cpu << 32 ^ length;
}

// Records of 0, 8 and 57 words, and of every number of bytes up to 512, one after the other; some are discarded.
static int one_into_ring(__u64 index, void *context) {
  __u32 cpu = bpf_get_smp_processor_id(), zero = 0;
  struct counts *c = bpf_map_lookup_elem(&counted, &cpu);
  struct record *draft = bpf_map_lookup_elem(&drafts, &zero);
  if (!c || !draft) return 1;
  __u64 sequence = c->next++;
  switch (sequence & 3) {
    case 0: {
      struct record *r = bpf_ringbuf_reserve(&ring, 16, 0);
      if (!r) goto full;
      r->cpu = cpu;
      r->sequence = sequence;
      bpf_ringbuf_submit(r, 0);
      sent(c, cpu, sequence, 16);
      return 0;
    }
    case 1: {
      __u64 length = 16 + (sequence * 31 & 8 * MOST_WORDS - 1);
      fill(draft, cpu, sequence, MOST_WORDS);
      if (bpf_ringbuf_output(&ring, draft, length, 0)) goto full;
      sent(c, cpu, sequence, length);
      return 0;
    }
    case 2: {
      struct record *r = bpf_ringbuf_reserve(&ring, 16 + 8 * 8, 0);
      if (!r) goto full;
      fill(r, cpu, sequence, 8);
      if (sequence & 4) {
        bpf_ringbuf_discard(r, 0);
        c->discarded++;
      } else {
        bpf_ringbuf_submit(r, 0);
        sent(c, cpu, sequence, 16 + 8 * 8);
      }
      return 0;
    }
    default: {
      struct record *r = bpf_ringbuf_reserve(&ring, 16 + 8 * 57, 0);
      if (!r) goto full;
      fill(r, cpu, sequence, 57);
      bpf_ringbuf_submit(r, 0);
      sent(c, cpu, sequence, 16 + 8 * 57);
      return 0;
    }
  }
full:
  c->failed++;
  return 0;
}

// The first argument says how many.
SEC("raw_tp")
int into_ring(struct bpf_raw_tracepoint_args *args) {
  bpf_loop(args->args[0], one_into_ring, 0, 0);
  return 0;
}

struct at {
  void *args;
};

// The kernel pads records: only lengths that need none come back as they were.
static int one_into_events(__u64 index, struct at *at) {
  __u32 cpu = bpf_get_smp_processor_id(), zero = 0;
  struct counts *c = bpf_map_lookup_elem(&counted, &cpu);
  struct record *draft = bpf_map_lookup_elem(&drafts, &zero);
  if (!c || !draft) return 1;
  __u64 sequence = c->next++;
  __u64 length = 20 + 8 * (sequence * 31 & MOST_WORDS - 1);
  fill(draft, cpu, sequence, MOST_WORDS);
  if (bpf_perf_event_output(at->args, &events, BPF_F_CURRENT_CPU, draft, length))
    c->failed++;
  else
    sent(c, cpu, sequence, length);
  return 0;
}

SEC("raw_tp")
int into_events(struct bpf_raw_tracepoint_args *args) {
  struct at at = {args};
  bpf_loop(args->args[0], one_into_events, &at, 0);
  return 0;
}
