// Programs that call helpers in every way; what they find goes into the array "results".
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

#define MAP(map, kind, key_type, value_type, entries) \
  struct {                                            \
    __uint(type, kind);                               \
    __uint(max_entries, entries);                     \
    __type(key, key_type);                            \
    __type(value, value_type);                        \
  } map SEC(".maps")

MAP(results, BPF_MAP_TYPE_ARRAY, __u32, __u64, 64);
MAP(numbers, BPF_MAP_TYPE_ARRAY, __u32, __u64, 7);
MAP(table, BPF_MAP_TYPE_HASH, __u32, __u64, 100);
MAP(recent, BPF_MAP_TYPE_LRU_HASH, __u32, __u64, 1000);
MAP(counts, BPF_MAP_TYPE_PERCPU_ARRAY, __u32, __u64, 5);
MAP(sums, BPF_MAP_TYPE_PERCPU_HASH, __u32, __u64, 50);
MAP(next, BPF_MAP_TYPE_PROG_ARRAY, __u32, __u32, 4);

struct {
  __uint(type, BPF_MAP_TYPE_RINGBUF);
  __uint(max_entries, 65536);
} ring SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
  __uint(key_size, 4);
  __uint(value_size, 4);
} events SEC(".maps");

static void result(__u32 index, __u64 value) {
  bpf_map_update_elem(&results, &index, &value, BPF_ANY);
}

struct state {
  __u64 sum;
  __u64 limit;
};

static long add(__u32 index, struct state *state) {
  state->sum = state->sum * 3 + index;
  return index == state->limit;
}

static long row(__u32 index, struct state *state) {
  struct state inner = {.limit = index + 5};
  long turns = bpf_loop(10 + index, add, &inner, 0);
  state->sum = state->sum * 7 + inner.sum + turns;
  return 0;
}

SEC("raw_tp/loops")
int loops(void *ctx) {
  struct state state = {.limit = -1};
  result(0, bpf_loop(1000, add, &state, 0));
  result(1, state.sum);
  state.limit = 17;
  result(2, bpf_loop(1000, add, &state, 0));
  result(3, state.sum);
  result(4, bpf_loop(0, add, &state, 0));
  result(5, bpf_loop(10, add, &state, 1));
  result(6, (int)bpf_loop((1 << 23) + 1, add, &state, 0));  // the kernel clears the upper half when it inlines it
  result(7, bpf_loop(30, row, &state, 0));
  result(8, state.sum);
  return 0;
}

static long fill(__u32 index, void *ctx) {
  __u64 value = index * 1000 + 1;
  __u32 key = index * 2654435761u;
  bpf_map_update_elem(&table, &key, &value, BPF_ANY);
  bpf_map_update_elem(&recent, &key, &value, BPF_ANY);
  bpf_map_update_elem(&sums, &key, &value, BPF_ANY);
  bpf_map_update_elem(&numbers, &index, &value, BPF_ANY);
  bpf_map_update_elem(&counts, &index, &value, BPF_ANY);
  return 0;
}

// The same whatever the order is.
static long sum(void *map, __u32 *key, __u64 *value, void *ctx) {
  __u32 at = 60;
  __u64 *all = bpf_map_lookup_elem(&results, &at);
  if (all) *all += (*key + 1) * *value;
  return 0;
}

static long stop(void *map, __u32 *key, __u64 *value, void *ctx) { return *value == 4001; }

// Takes elements out while it sees them.
static long thin(void *map, __u32 *key, __u64 *value, void *ctx) {
  __u32 own = *key;
  if (*value & 8) bpf_map_delete_elem(map, &own);
  return 0;
}

SEC("raw_tp/elements")
int elements(void *ctx) {
  bpf_loop(40, fill, 0, 0);
  result(0, bpf_for_each_map_elem(&numbers, sum, 0, 0));
  result(1, bpf_for_each_map_elem(&table, sum, 0, 0));
  result(2, bpf_for_each_map_elem(&recent, sum, 0, 0));
  result(3, bpf_for_each_map_elem(&counts, sum, 0, 0));
  result(4, bpf_for_each_map_elem(&sums, sum, 0, 0));
  result(5, bpf_for_each_map_elem(&table, sum, 0, 1));
  return 0;
}

SEC("raw_tp/fewer_elements")
int fewer_elements(void *ctx) {
  bpf_loop(40, fill, 0, 0);
  result(0, bpf_for_each_map_elem(&numbers, stop, 0, 0));
  result(1, bpf_for_each_map_elem(&table, thin, 0, 0));
  result(2, bpf_for_each_map_elem(&table, sum, 0, 0));
  return 0;
}

SEC("raw_tp/texts")
int texts(void *ctx) {
  static const char format[] = "%d|%05x|%-8s|%c%%";
  static const char three[] = "%d|%05x|%s";
  char text[64] = {};
  char digits[16] = " -0x1f,";
  __u64 *words = (__u64 *)text;
  __u64 arguments[4] = {-42, 0xbeef, (__u64)format, 'Z'};
  long number = 0;
  result(0, bpf_snprintf(text, sizeof(text), format, arguments, sizeof(arguments)));
  for (int i = 0; i < 8; i++) {
    result(1 + i, words[i]);
  }
  result(9, bpf_strtol(digits, sizeof(digits), 0, &number));
  result(10, number);
  result(11, bpf_strncmp(text, 8, "-42|0bee"));
  result(12, bpf_strncmp(text, 20, "-42|0a"));
  result(13, bpf_probe_read_kernel_str(text, 6, format));
  result(14, words[0]);
  result(15, bpf_probe_read_kernel(text, 16, (void *)8));
  result(16, words[0] | words[1]);
  result(17, bpf_get_current_comm(text, 9));
  result(18, bpf_trace_printk(three, sizeof(three), 1, 2, (long)format));
  return 0;
}

SEC("raw_tp/records")
int records(void *ctx) {
  __u64 word = 0x1122334455667788;
  __u64 *record = bpf_ringbuf_reserve(&ring, 24, 0);
  if (record) {
    record[0] = 1;
    record[1] = 2;
    record[2] = 3;
    bpf_ringbuf_submit(record, 0);
  }
  record = bpf_ringbuf_reserve(&ring, 8, 0);
  if (record) {
    bpf_ringbuf_discard(record, 0);
  }
  result(0, bpf_ringbuf_output(&ring, &word, sizeof(word), 0));
  result(1, bpf_ringbuf_query(&ring, BPF_RB_RING_SIZE));
  result(2, bpf_perf_event_output(ctx, &events, BPF_F_CURRENT_CPU, &word, sizeof(word)));
  result(3, bpf_perf_event_output(ctx, &events, 1ULL << 40, &word, sizeof(word)));
  return 0;
}

SEC("raw_tp/first")
int first(void *ctx) {
  result(0, 11);
  bpf_tail_call(ctx, &next, 3);  // nothing there
  result(1, 12);
  bpf_tail_call(ctx, &next, 77);  // no such index
  result(2, 13);
  bpf_tail_call(ctx, &next, 1);
  result(3, 14);
  return 1;
}

SEC("raw_tp/second")
int second(void *ctx) {
  result(4, 15);
  return 22;
}

static long count(__u32 index, void *ctx) {
  __u32 key = index & 3;
  __u64 *shared = bpf_map_lookup_elem(&numbers, &key);
  __u64 *own = bpf_map_lookup_elem(&counts, &key);
  if (shared && own) {
    __sync_fetch_and_add(shared, 1);
    (*own)++;
  }
  return 0;
}

static long touch(void *map, __u32 *key, __u64 *value, __u64 *ctx) {
  __sync_fetch_and_add(value, 1);
  return 0;
}

SEC("raw_tp/busy")
int busy(void *ctx) {
  __u64 none = 0;
  long turns = bpf_loop(1000, count, 0, 0);
  return turns + bpf_for_each_map_elem(&table, touch, &none, 0);
}
