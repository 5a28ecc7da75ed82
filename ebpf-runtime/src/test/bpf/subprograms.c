// Functions of every linkage, called from several programs, in several sections, once each.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

struct {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __uint(max_entries, 4);
  __type(key, __u32);
  __type(value, __u64);
} counts SEC(".maps");

__u64 calls;

static __attribute__((noinline)) int leaf(int x) {
  calls += x;
  return x * 3 + 1;
}

static __attribute__((noinline)) int middle(int x) {
  return leaf(x) + leaf(x + 1);
}

__attribute__((noinline)) int global_function(int x) {
  return middle(x) ^ 5;
}

__weak __attribute__((noinline)) int weak_function(int x) {
  return leaf(x) - 1;
}

__hidden __attribute__((noinline)) int hidden_function(int x) {
  return x + (int)calls;
}

static long each(void *map, const void *key, void *value, void *context) {
  *(__u64 *)value += leaf(1);
  return 0;
}

static long turn(__u32 index, void *context) {
  *(int *)context += middle(index);
  return 0;
}

SEC("syscall")
int first(void *context) {
  return global_function(1) + weak_function(2);
}

SEC("syscall")
int second(void *context) {
  int sum = 0;
  bpf_loop(10, turn, &sum, 0);
  bpf_for_each_map_elem(&counts, each, 0, 0);
  return sum + hidden_function(sum);
}

SEC("xdp")
int third(struct xdp_md *context) {
  return middle(7) & 1 ? XDP_PASS : XDP_DROP;
}

SEC("socket")
int fourth(struct __sk_buff *skb) {
  return 0;
}
