// A map of a type that no kernel has.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
  __uint(type, 77);
  __uint(max_entries, 4);
  __type(key, __u32);
  __type(value, __u64);
} strange SEC(".maps");

SEC("xdp")
int look(struct xdp_md *ctx) {
  __u32 key = 0;
  return bpf_map_lookup_elem(&strange, &key) ? XDP_PASS : XDP_DROP;
}
