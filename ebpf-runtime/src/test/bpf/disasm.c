// Every kind of reference that a relocation makes, in two sections of programs and .text.
typedef unsigned int u32;
typedef unsigned long u64;

#define SEC(name) __attribute__((section(name), used))
#define __uint(name, value) int(*name)[value]
#define __type(name, value) typeof(value) *name

struct {
  __uint(type, 1);
  __uint(max_entries, 8);
  __type(key, u32);
  __type(value, u64);
} counters SEC(".maps");

static void *(*lookup)(void *map, const void *key) = (void *)1;
extern u64 from_the_kernel(u64 x) __attribute__((section(".ksyms")));

const volatile u64 limit = 5;
static volatile u64 hidden[3];
u64 total;

__attribute__((noinline)) static u64 twice(u64 x) {
  asm volatile("");
  return x * 2 + hidden[2];
}

__attribute__((noinline)) u64 seen(u64 x) {
  total += x;
  return x > limit ? twice(x) : 0;
}

SEC("xdp")
int first(void *ctx) {
  u32 key = 3;
  u64 *value = lookup(&counters, &key);
  if (!value)
    return 0;
  __sync_fetch_and_add(value, seen(*value));
  return 2;
}

SEC("xdp")
int second(void *ctx) {
  return twice((u64)ctx) > 7;
}

SEC("syscall")
int third(void *ctx) {
  return from_the_kernel(total);
}

char _license[] SEC("license") = "GPL";
