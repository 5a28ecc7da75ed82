// Programs with the mistakes that people make, which a verifier must refuse.
#include <linux/bpf.h>
#include <linux/ptrace.h>
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 16);
  __type(key, __u32);
  __type(value, __u64);
} counts SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_RINGBUF);
  __uint(max_entries, 4096);
} ring SEC(".maps");

__u64 seen[16];

SEC("kprobe")
int forgets_null(struct pt_regs *ctx) {
  __u32 key = 0;
  __u64 *value = bpf_map_lookup_elem(&counts, &key);
  return *value;
}

SEC("kprobe")
int reads_user_memory(struct pt_regs *ctx) { return *(int *)ctx->rdi; }

SEC("kprobe")
int index_unchecked(struct pt_regs *ctx) { return seen[ctx->rdi]; }

SEC("kprobe")
int index_checked_one_too_late(struct pt_regs *ctx) {
  __u64 i = ctx->rdi;
  if (i > 16) {
    return 0;
  }
  return seen[i];
}

SEC("kprobe")
int index_checked_at_one_end(struct pt_regs *ctx) {
  int i = (int)ctx->rdi;
  if (i >= 16) {
    return 0;
  }
  return seen[i];
}

SEC("kprobe")
int keeps_the_record(struct pt_regs *ctx) {
  __u64 *e = bpf_ringbuf_reserve(&ring, 8, 0);
  if (!e) {
    return 0;
  }
  *e = 1;
  if (ctx->rdi == 3) {
    return 0;
  }
  bpf_ringbuf_submit(e, 0);
  return 0;
}

SEC("kprobe")
int length_unchecked(struct pt_regs *ctx) {
  char text[64];
  bpf_probe_read_user(text, ctx->rdx, (void *)ctx->rsi);
  return text[0];
}

SEC("kprobe")
int loops_for_ever(struct pt_regs *ctx) {
  while (bpf_get_prandom_u32() != 7) {
  }
  return 0;
}

SEC("kprobe")
int big_stack(struct pt_regs *ctx) {
  char buffer[480];
  bpf_probe_read_user(buffer, 480, (void *)ctx->rdi);
  bpf_probe_read_user(buffer + 8, 480, (void *)ctx->rsi);
  return buffer[ctx->rdx & 63];
}

SEC("xdp")
int forgets_the_end(struct xdp_md *ctx) {
  __u8 *data = (void *)(long)ctx->data;
  return data[12] == 8 ? XDP_PASS : XDP_DROP;
}

SEC("xdp")
int checks_too_little(struct xdp_md *ctx) {
  __u8 *data = (void *)(long)ctx->data;
  if (data + 12 > (__u8 *)(long)ctx->data_end) {
    return XDP_PASS;
  }
  return data[12] == 8 ? XDP_PASS : XDP_DROP;
}

SEC("socket")
int asks_for_the_process(struct __sk_buff *skb) { return bpf_get_func_ip(skb); }

static const volatile __u32 fixed[4] = {1, 2, 3, 4};

SEC("kprobe")
int writes_constants(struct pt_regs *ctx) {
  *(volatile __u32 *)&fixed[1] = 5;
  return 0;
}
