// A variable of the kernel with its type: the verifier takes it only where kallsyms lists variables.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

struct rq {
  int nr_running;
} __attribute__((preserve_access_index));

extern const struct rq runqueues __ksym;

SEC("syscall")
int symbols(void *context) {
  return bpf_per_cpu_ptr(&runqueues, 0) != 0;
}
