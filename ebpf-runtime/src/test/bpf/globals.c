// Global variables in every section that holds them.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

const volatile int limit = 42;
static const volatile long quiet_limit = -7;
const volatile char label[16] = "label";
const volatile struct {
  __u8 a;
  __u64 b;
} pair = {1, 2};
int initialised = 5;
static int quiet = 6;
long zero;
static int quiet_zero;
__hidden int hidden = 9;
__u64 apart SEC(".data.apart") = 11;
static volatile const int also SEC(".rodata.also") = 12;
int far[3] SEC(".bss.far");

static __attribute__((noinline)) int sum(void) {
  static int times;
  return quiet + quiet_zero + ++times;
}

SEC("syscall")
int read_all(void *context) {
  const char *text = "a string among the constants %d";
  bpf_trace_printk(text, 32, limit);
  initialised++;
  zero += initialised;
  quiet += hidden;
  quiet_zero = label[1] + pair.b;
  far[2] = apart + also;
  return limit + quiet_limit + sum();
}

SEC("syscall")
int read_again(void *context) {
  return sum() + zero + far[1] + pair.a;
}
