// Programs that leave something in maps of many kinds when they are run once by BPF_PROG_TEST_RUN.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

struct arguments {
  __u64 in, out;
};

#define MAP(map, kind, key_type, value_type, entries, map_flag) \
  struct {                                                      \
    __uint(type, kind);                                         \
    __uint(max_entries, entries);                               \
    __uint(map_flags, map_flag);                                \
    __type(key, key_type);                                      \
    __type(value, value_type);                                  \
  } map SEC(".maps")

struct prefix {
  __u32 length, address;
};

MAP(numbers, BPF_MAP_TYPE_ARRAY, __u32, __u64, 4, 0);
MAP(squares, BPF_MAP_TYPE_HASH, __u32, __u64, 64, 0);
MAP(recent, BPF_MAP_TYPE_LRU_HASH, __u32, __u64, 64, 0);
MAP(counts, BPF_MAP_TYPE_PERCPU_ARRAY, __u32, __u64, 4, 0);
MAP(sums, BPF_MAP_TYPE_PERCPU_HASH, __u32, __u64, 64, 0);
MAP(prefixes, BPF_MAP_TYPE_LPM_TRIE, struct prefix, __u64, 64, BPF_F_NO_PREALLOC);

struct {
  __uint(type, BPF_MAP_TYPE_QUEUE);
  __uint(max_entries, 16);
  __type(value, __u64);
} queue SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_RINGBUF);
  __uint(max_entries, 5000); // rounded up by the loader
} ring SEC(".maps");

struct inner {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __uint(max_entries, 4);
  __type(key, __u32);
  __type(value, __u64);
} inner_one SEC(".maps"), inner_two SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
  __uint(max_entries, 2);
  __type(key, __u32);
  __array(values, struct inner);
} outer SEC(".maps") = {.values = {&inner_one, &inner_two}};

__u64 runs;
__u64 total = 1000;
const volatile __u64 factor = 3;

static __always_inline void add(void *map, __u32 key, __u64 value) {
  __u64 *old = bpf_map_lookup_elem(map, &key);
  if (old)
    *old += value;
  else
    bpf_map_update_elem(map, &key, &value, BPF_ANY);
}

SEC("tc") int fill(struct __sk_buff *skb) {
  __u64 in = skb->len;
  for (__u32 i = 0; i < 8; i++) {
    __u64 value = in * factor + i;
    add(&numbers, i & 3, value);
    add(&squares, i, value * value);
    add(&recent, i, value + 1);
    add(&counts, i & 3, 1);
    add(&sums, i & 7, value);
    struct prefix prefix = {8 + i, 0x0a000000 + i};
    bpf_map_update_elem(&prefixes, &prefix, &value, BPF_ANY);
    bpf_map_push_elem(&queue, &value, 0);
    bpf_ringbuf_output(&ring, &value, sizeof value, 0);
    __u32 which = i & 1;
    void *inner = bpf_map_lookup_elem(&outer, &which);
    if (inner)
      add(inner, i & 3, value);
    total += value;
  }
  runs++;
  return (int)total;
}

// May sleep, and so has only some kinds of maps.
SEC("syscall") int call(struct arguments *arguments) {
  add(&numbers, 3, arguments->in);
  add(&squares, 100, 1);
  __u64 copy = arguments->in;
  bpf_ringbuf_output(&ring, &copy, sizeof copy, 0);
  runs += 10;
  arguments->out = factor;
  return (int)runs;
}

SEC("socket") int second(struct __sk_buff *skb) {
  total += skb->len;
  return 77;
}

struct {
  __uint(type, BPF_MAP_TYPE_PROG_ARRAY);
  __uint(max_entries, 2);
  __uint(key_size, 4);
  __array(values, int(struct __sk_buff *));
} programs SEC(".maps") = {.values = {[1] = (void *)&second}};

SEC("socket") int first(struct __sk_buff *skb) {
  runs += 100;
  bpf_tail_call(skb, &programs, 1);
  return 1;
}
