// One operation on a ring for each run, chosen by the arguments: what the kernel says to it is the result.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

#define MOST 8191

struct draft {
  char bytes[MOST + 1];
};

struct {
  __uint(type, BPF_MAP_TYPE_RINGBUF);
  __uint(max_entries, 4096);
} ring SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __uint(max_entries, 1);
  __type(key, __u32);
  __type(value, struct draft);
} drafts SEC(".maps");

#define DISCARD(SIZE)                                  \
  do {                                                 \
    void *record = bpf_ringbuf_reserve(&ring, SIZE, 0); \
    if (!record) return 0;                             \
    bpf_ringbuf_discard(record, 0);                    \
    return 1;                                          \
  } while (0)

// args: 0 output, its bytes, its flags; 1 query, of what; 2 discard, one of three sizes
SEC("raw_tp")
int step(struct bpf_raw_tracepoint_args *args) {
  __u32 zero = 0;
  __u64 operation = args->args[0], number = args->args[1], flags = args->args[2];
  struct draft *draft = bpf_map_lookup_elem(&drafts, &zero);
  if (!draft) return -1;
  if (operation == 0) return bpf_ringbuf_output(&ring, draft, number & MOST, flags);
  if (operation == 1) return bpf_ringbuf_query(&ring, number);
  if (number == 0) DISCARD(1);
  if (number == 1) DISCARD(64);
  DISCARD(4000);
}
