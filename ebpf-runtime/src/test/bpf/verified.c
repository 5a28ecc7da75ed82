// Programs as people write them, which a verifier must accept.
#include <linux/bpf.h>
#include <linux/ptrace.h>
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

#define MAP(map, kind, key_type, value_type, entries) \
  struct {                                            \
    __uint(type, kind);                               \
    __uint(max_entries, entries);                     \
    __type(key, key_type);                            \
    __type(value, value_type);                        \
  } map SEC(".maps")

struct event {
  __u64 when;
  __u32 pid;
  __u32 length;
  char comm[16];
  char text[64];
};

struct totals {
  __u64 count;
  __u64 buckets[32];
};

MAP(starts, BPF_MAP_TYPE_HASH, __u64, __u64, 1024);
MAP(by_pid, BPF_MAP_TYPE_LRU_HASH, __u32, struct totals, 64);
MAP(counters, BPF_MAP_TYPE_PERCPU_ARRAY, __u32, __u64, 8);
MAP(per_cpu, BPF_MAP_TYPE_PERCPU_HASH, __u32, struct event, 8);
MAP(scratch, BPF_MAP_TYPE_PERCPU_ARRAY, __u32, struct event, 1);
MAP(table, BPF_MAP_TYPE_ARRAY, __u32, __u32, 256);

struct {
  __uint(type, BPF_MAP_TYPE_RINGBUF);
  __uint(max_entries, 4096);
} ring SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
  __uint(key_size, 4);
  __uint(value_size, 4);
} events SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_STACK_TRACE);
  __uint(max_entries, 64);
  __uint(key_size, 4);
  __uint(value_size, 127 * 8);
} stacks SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_PROG_ARRAY);
  __uint(max_entries, 4);
  __uint(key_size, 4);
  __uint(value_size, 4);
} next SEC(".maps");

const volatile __u32 limit = 100;
const volatile __u64 wanted = 0;
__u64 seen[16];
__u64 sum;

static __always_inline __u32 log2_of(__u64 v) {
  __u32 r = 0;
#pragma unroll
  for (int i = 32; i > 0; i /= 2) {
    if (v >> i) {
      v >>= i;
      r += i;
    }
  }
  return r;
}

static __noinline void count(__u32 which) {
  __u64 *counter = bpf_map_lookup_elem(&counters, &which);
  if (counter) {
    __sync_fetch_and_add(counter, 1);
  }
}

SEC("kprobe")
int begin(struct pt_regs *ctx) {
  __u64 id = bpf_get_current_pid_tgid();
  __u64 now = bpf_ktime_get_ns();
  bpf_map_update_elem(&starts, &id, &now, BPF_ANY);
  count(0);
  return 0;
}

SEC("kprobe")
int finish(struct pt_regs *ctx) {
  __u64 id = bpf_get_current_pid_tgid();
  __u64 *begun = bpf_map_lookup_elem(&starts, &id);
  if (!begun) {
    return 0;
  }
  __u64 took = bpf_ktime_get_ns() - *begun;
  bpf_map_delete_elem(&starts, &id);
  __u32 pid = id >> 32;
  struct totals *totals = bpf_map_lookup_elem(&by_pid, &pid);
  if (!totals) {
    struct totals empty = {};
    bpf_map_update_elem(&by_pid, &pid, &empty, BPF_NOEXIST);
    totals = bpf_map_lookup_elem(&by_pid, &pid);
    if (!totals) {
      return 0;
    }
  }
  __u32 bucket = log2_of(took);
  if (bucket >= 32) {
    bucket = 31;
  }
  __sync_fetch_and_add(&totals->buckets[bucket], 1);
  totals->count++;
  return 0;
}

SEC("kprobe")
int reports(struct pt_regs *ctx) {
  struct event *e = bpf_ringbuf_reserve(&ring, sizeof *e, 0);
  if (!e) {
    count(1);
    return 0;
  }
  e->when = bpf_ktime_get_ns();
  e->pid = bpf_get_current_pid_tgid() >> 32;
  bpf_get_current_comm(e->comm, sizeof e->comm);
  long length = bpf_probe_read_user_str(e->text, sizeof e->text, (void *)ctx->rdi);
  if (length < 0) {
    bpf_ringbuf_discard(e, 0);
    return 0;
  }
  e->length = length;
  bpf_ringbuf_submit(e, 0);
  return 0;
}

SEC("kprobe")
int reads_a_buffer(struct pt_regs *ctx) {
  __u32 zero = 0;
  struct event *e = bpf_map_lookup_elem(&scratch, &zero);
  if (!e) {
    return 0;
  }
  __u64 length = ctx->rdx;
  if (length > sizeof e->text) {
    length = sizeof e->text;
  }
  e->length = length;
  bpf_probe_read_user(e->text, length, (void *)ctx->rsi);
  bpf_perf_event_output(ctx, &events, BPF_F_CURRENT_CPU, e, sizeof *e);
  return 0;
}

SEC("kprobe")
int compares_text(struct pt_regs *ctx) {
  char name[16];
  static const char target[] = "whatif";
  if (bpf_probe_read_user_str(name, sizeof name, (void *)ctx->rdi) < 0) {
    return 0;
  }
  for (int i = 0; i < 6; i++) {
    if (name[i] != target[i]) {
      return 0;
    }
  }
  return bpf_strncmp(name, sizeof name, "whatif") == 0;
}

SEC("kprobe")
int walks_text(struct pt_regs *ctx) {
  char path[16];
  long n = bpf_probe_read_user_str(path, sizeof path, (void *)ctx->rsi);
  __u32 slashes = 0;
  for (int i = 0; i < sizeof path; i++) {
    if (i >= n || path[i] == 0) {
      break;
    }
    if (path[i] == '/') {
      slashes++;
    }
  }
  seen[slashes & 15]++;
  return slashes;
}

SEC("kprobe")
int stack_of(struct pt_regs *ctx) {
  __u64 frames[16];
  long bytes = bpf_get_stack(ctx, frames, sizeof frames, BPF_F_USER_STACK);
  if (bytes < 8) {
    return 0;
  }
  __u32 key = frames[0] & 255;
  __u32 *known = bpf_map_lookup_elem(&table, &key);
  if (known) {
    *known += 1;
  }
  return bpf_get_stackid(ctx, &stacks, BPF_F_USER_STACK);
}

static long add_up(__u32 i, __u64 *total) {
  __u32 key = i & 255;
  __u32 *entry = bpf_map_lookup_elem(&table, &key);
  if (!entry) {
    return 1;
  }
  *total += *entry;
  return 0;
}

SEC("kprobe")
int loops_with_callback(struct pt_regs *ctx) {
  __u64 total = 0;
  bpf_loop(limit, add_up, &total, 0);
  sum = total;
  return 0;
}

static long oldest(struct bpf_map *map, __u64 *key, __u64 *value, __u64 *least) {
  if (*value < *least) {
    *least = *value;
  }
  return 0;
}

SEC("kprobe")
int for_each(struct pt_regs *ctx) {
  __u64 least = -1;
  bpf_for_each_map_elem(&starts, oldest, &least, 0);
  sum = least;
  return 0;
}

SEC("kprobe")
int formats(struct pt_regs *ctx) {
  char text[64];
  __u64 values[] = {ctx->rdi, ctx->rsi};
  int n = bpf_snprintf(text, sizeof text, "%llx and %d", values, sizeof values);
  bpf_ringbuf_output(&ring, text, sizeof text, 0);
  bpf_printk("%d bytes", n);
  return 0;
}

SEC("kprobe")
int parses_number(struct pt_regs *ctx) {
  char text[16];
  long value = 0;
  if (bpf_probe_read_user(text, sizeof text, (void *)ctx->rdi)) {
    return 0;
  }
  if (bpf_strtol(text, sizeof text, 10, &value) < 0) {
    return 0;
  }
  return value;
}

SEC("kprobe")
int goes_on(struct pt_regs *ctx) {
  bpf_tail_call(ctx, &next, 1);
  count(2);
  return 0;
}

SEC("kprobe")
int sorts(struct pt_regs *ctx) {
  __u32 a[8];
  for (int i = 0; i < 8; i++) {
    a[i] = bpf_get_prandom_u32() & 0xff;
  }
  for (int i = 0; i < 8; i++) {
    for (int j = 0; j < 7; j++) {
      if (a[j] > a[j + 1]) {
        __u32 t = a[j];
        a[j] = a[j + 1];
        a[j + 1] = t;
      }
    }
  }
  return a[0] <= a[7];
}

SEC("kprobe")
int searches(struct pt_regs *ctx) {
  __u32 key = ctx->rdi;
  __u32 low = 0, high = 255;
  for (int i = 0; i < 9 && low <= high && high < 256; i++) {
    __u32 middle = (low + high) / 2;
    __u32 *entry = bpf_map_lookup_elem(&table, &middle);
    if (!entry) {
      return -1;
    }
    if (*entry == key) {
      return middle;
    }
    if (*entry < key) {
      low = middle + 1;
    } else {
      high = middle - 1;
    }
  }
  return -1;
}

SEC("kprobe")
int copies_per_cpu(struct pt_regs *ctx) {
  __u32 key = bpf_get_smp_processor_id() & 7;
  struct event e = {.when = bpf_ktime_get_boot_ns(), .pid = key};
  bpf_map_update_elem(&per_cpu, &key, &e, 0);
  struct event *other = bpf_map_lookup_percpu_elem(&per_cpu, &key, 0);
  return other ? other->pid : 0;
}

static __noinline __u64 mix(__u64 a, __u64 b) { return (a ^ b) * 0x9e3779b97f4a7c15 >> 7; }

static __noinline __u64 mix_all(__u64 *values, __u32 n) {
  __u64 h = 0;
  for (__u32 i = 0; i < n && i < 16; i++) {
    h = mix(h, values[i]);
  }
  return h;
}

SEC("kprobe")
int hashes(struct pt_regs *ctx) {
  __u64 values[16];
  if (bpf_probe_read_user(values, sizeof values, (void *)ctx->rdi)) {
    return 0;
  }
  seen[mix_all(values, ctx->rsi) & 15] = 1;
  return 0;
}

SEC("kprobe")
int switches(struct pt_regs *ctx) {
  switch (ctx->rdi) {
  case 0: return 3;
  case 1: count(3); return 1;
  case 5: return ctx->rsi > 7 ? 4 : 5;
  case 9: return 77;
  case 100: return wanted ? 1 : 2;
  default: return bpf_get_attach_cookie(ctx) + bpf_get_func_ip(ctx);
  }
}

SEC("kprobe")
int signed_index(struct pt_regs *ctx) {
  int i = (int)ctx->rdi;
  if (i < 0 || i >= 16) {
    return -1;
  }
  return seen[i];
}

SEC("tracepoint/syscalls/sys_enter_openat")
int opens(void *ctx) {
  struct arguments {
    __u64 pad;
    __u64 number;
    __u64 directory;
    const char *path;
  } *a = ctx;
  char path[32] = {};
  bpf_probe_read_user_str(path, sizeof path, a->path);
  seen[path[0] & 15] += a->number;
  return 0;
}

SEC("raw_tp/sys_enter")
int enters(struct bpf_raw_tracepoint_args *ctx) {
  struct pt_regs *regs = (void *)ctx->args[0];
  __u64 ip = 0;
  bpf_probe_read_kernel(&ip, sizeof ip, &regs->rip);
  seen[ip & 15]++;
  return 0;
}

SEC("xdp")
int parses(struct xdp_md *ctx) {
  void *data = (void *)(long)ctx->data;
  void *end = (void *)(long)ctx->data_end;
  struct ethernet {
    __u8 to[6], from[6];
    __u16 protocol;
  } *eth = data;
  if ((void *)(eth + 1) > end) {
    return XDP_PASS;
  }
  if (eth->protocol != 8) {
    return XDP_PASS;
  }
  __u8 *ip = (void *)(eth + 1);
  if ((void *)(ip + 20) > end) {
    return XDP_DROP;
  }
  __u32 header = (ip[0] & 15) * 4;
  if (header < 20 || (void *)(ip + header + 8) > end) {
    return XDP_DROP;
  }
  __u16 *ports = (void *)(ip + header);
  __u32 key = ports[1] & 255;
  __u32 *known = bpf_map_lookup_elem(&table, &key);
  if (known) {
    __sync_fetch_and_add(known, 1);
  }
  ip[8]--;
  return XDP_TX;
}

SEC("xdp")
int sums_packet(struct xdp_md *ctx) {
  __u8 *data = (void *)(long)ctx->data;
  __u8 *end = (void *)(long)ctx->data_end;
  __u32 total = 0;
  for (int i = 0; i < 64; i++) {
    if (data + i + 1 > end) {
      break;
    }
    total += data[i];
  }
  return total & 1 ? XDP_PASS : XDP_DROP;
}

SEC("tc")
int marks(struct __sk_buff *skb) {
  void *data = (void *)(long)skb->data;
  void *end = (void *)(long)skb->data_end;
  if (data + 34 > end) {
    return 0;
  }
  skb->mark = *(__u32 *)(data + 26);
  skb->cb[1] = skb->len;
  return 0;
}

SEC("socket")
int lengths(struct __sk_buff *skb) { return skb->len > 100 ? skb->protocol : 0; }
