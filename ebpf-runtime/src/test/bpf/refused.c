// What the verifier refuses, in a function below the entry, on a known line.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 4);
  __type(key, __u32);
  __type(value, __u64);
} values SEC(".maps");

static __attribute__((noinline)) __u64 first(void) {
  __u32 key = 0;
  __u64 *value = bpf_map_lookup_elem(&values, &key);
  return *value; // may be null
}

SEC("socket")
int forgets(struct __sk_buff *skb) {
  return first();
}
