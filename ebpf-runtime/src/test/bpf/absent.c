// Calls a function that no kernel has.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

extern void bpf_no_such_function(void) __ksym;

SEC("syscall")
int calls(void *ctx) {
  bpf_no_such_function();
  return 0;
}
