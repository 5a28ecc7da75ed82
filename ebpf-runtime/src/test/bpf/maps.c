// Maps in every form of definition.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "Dual BSD/GPL";

struct key {
  __u32 a;
  __u64 b;
};

typedef struct {
  __u64 words[5];
} value_t;

struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 1024);
  __uint(map_flags, BPF_F_NO_PREALLOC);
  __type(key, struct key);
  __type(value, value_t);
} by_type SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_LRU_HASH);
  __uint(max_entries, 16);
  __uint(key_size, 12);
  __uint(value_size, sizeof(value_t));
} by_size SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
  __uint(max_entries, 2);
  __type(key, int);
  __type(value, long);
} per_cpu SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_RINGBUF);
  __uint(max_entries, 4096);
} ring SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_QUEUE);
  __uint(max_entries, 3);
  __type(value, __u32);
} queue SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_BLOOM_FILTER);
  __uint(max_entries, 100);
  __type(value, __u32);
  __uint(map_extra, 3);
} bloom SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_STACK_TRACE);
  __uint(max_entries, 64);
  __uint(key_size, 4);
  __uint(value_size, 127 * 8);
} stacks SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_TASK_STORAGE);
  __uint(map_flags, BPF_F_NO_PREALLOC);
  __type(key, int);
  __type(value, __u64);
} storage SEC(".maps");

struct inner {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __uint(max_entries, 1);
  __type(key, int);
  __type(value, int);
} inner_a SEC(".maps"), inner_b SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
  __uint(max_entries, 5);
  __type(key, int);
  __array(values, struct inner);
} outer SEC(".maps") = {.values = {[0] = &inner_b, [3] = &inner_a}};

struct {
  __uint(type, BPF_MAP_TYPE_HASH_OF_MAPS);
  __uint(max_entries, 5);
  __uint(key_size, 8);
  __array(values, struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, 7);
    __type(key, int);
    __type(value, __u64);
  });
} nested SEC(".maps");

int tail(void *context);

struct {
  __uint(type, BPF_MAP_TYPE_PROG_ARRAY);
  __uint(max_entries, 3);
  __uint(key_size, 4);
  __array(values, int(void *));
} programs SEC(".maps") = {.values = {[2] = (void *)&tail}};

struct {
  __uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
  __uint(key_size, 4);
  __uint(value_size, 4);
} events SEC(".maps");

SEC("socket")
int tail(void *context) {
  return 1;
}

SEC("socket")
int use(struct __sk_buff *context) {
  struct key key = {1, 2};
  int zero = 0;
  value_t *v = bpf_map_lookup_elem(&by_type, &key);
  long *c = bpf_map_lookup_elem(&per_cpu, &zero);
  void *m = bpf_map_lookup_elem(&outer, &zero);
  int *i = m ? bpf_map_lookup_elem(m, &zero) : 0;
  bpf_tail_call(context, &programs, 2);
  return (v ? v->words[1] : 0) + (c ? *c : 0) + (i ? *i : 0);
}
