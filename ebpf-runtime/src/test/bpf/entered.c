// Runs when a function of the kernel is entered.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

char LICENSE[] SEC("license") = "GPL";

SEC("fentry/do_exit")
int BPF_PROG(entered, long code) {
  return 0;
}
