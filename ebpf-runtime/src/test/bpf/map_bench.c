// Map operations in a row, timed from within: the arguments say how many, the result is nanoseconds for all of them.
// The same operations on the same keys as map_bench of src/test/c does.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

#define KEYS 1024
#define STEP 421

#define TABLE(NAME, TYPE, ENTRIES)     \
  struct {                             \
    __uint(type, BPF_MAP_TYPE_##TYPE); \
    __uint(max_entries, ENTRIES);      \
    __type(key, __u64);                \
    __type(value, __u64);              \
  } NAME SEC(".maps")

TABLE(hash, HASH, 2 * KEYS);
TABLE(lru, LRU_HASH, 2 * KEYS);
TABLE(percpu, PERCPU_HASH, 2 * KEYS);

struct {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __uint(max_entries, KEYS);
  __type(key, __u32);
  __type(value, __u64);
} array SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_RINGBUF);
  __uint(max_entries, 1 << 20);
} ring SEC(".maps");

static __always_inline __u64 key_of(__u32 i) { return i * STEP & KEYS - 1; }

#define BODY(NAME, ...)                                \
  static int NAME##_one(__u32 i, __u64 *sum) {         \
    __u64 key = key_of(i), value = i;                  \
    __u32 index = key;                                 \
    __VA_ARGS__;                                       \
    return 0;                                          \
  }                                                    \
  SEC("raw_tp")                                        \
  int NAME(struct bpf_raw_tracepoint_args *args) {     \
    __u64 sum = 0, start = bpf_ktime_get_ns();         \
    bpf_loop(args->args[0], NAME##_one, &sum, 0);      \
    return bpf_ktime_get_ns() - start;                 \
  }

#define READ(MAP, KEY)                            \
  __u64 *found = bpf_map_lookup_elem(&MAP, &KEY); \
  if (found) *sum += *found

BODY(empty, *sum += key + index + value)
BODY(array_lookup, READ(array, index))
BODY(hash_lookup, READ(hash, key))
BODY(hash_update, bpf_map_update_elem(&hash, &key, &value, 0))
BODY(hash_delete_insert, bpf_map_delete_elem(&hash, &key); bpf_map_update_elem(&hash, &key, &value, 0))
BODY(percpu_hash_lookup, READ(percpu, key))
BODY(lru_hash_lookup, READ(lru, key))
BODY(lru_hash_update, bpf_map_update_elem(&lru, &key, &value, 0))
BODY(lru_hash_evict, key = *sum += 7919; bpf_map_update_elem(&lru, &key, &value, 0))
BODY(ring_output, bpf_ringbuf_output(&ring, &value, sizeof value, BPF_RB_NO_WAKEUP))
