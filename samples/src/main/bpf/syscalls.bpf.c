// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
// Which system calls does this machine make, and how often? By number: 0 is read, 1 write, 202 futex
// (/usr/include/asm/unistd_64.h has them all).
//
//   whatif bpf load syscalls.bpf.o --dump-maps -d 10s
#include "bpf.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";

struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 1024);
  __type(key, __u32);
  __type(value, __u64);
} calls_by_number SEC(".maps");

// The arguments of sys_enter: the registers of the thread, the number of the call.
SEC("raw_tp/sys_enter")
int enters(__u64 *arguments) {
  __u32 number = arguments[1];
  __u64 *calls = bpf_map_lookup_elem(&calls_by_number, &number);
  if (!calls) {
    __u64 none = 0;
    bpf_map_update_elem(&calls_by_number, &number, &none, BPF_NOEXIST);
    calls = bpf_map_lookup_elem(&calls_by_number, &number);
  }
  if (calls)
    __sync_fetch_and_add(calls, 1);
  return 0;
}
