// What a libbpf of 2023 does otherwise than the kernel of 2025: the first element of an array whose length differs
// (libbpf 1.6), and the sign of an enum (libbpf 1.2).
#include "core.h"

char LICENSE[] SEC("license") = "GPL";

struct task_struct {
  char comm[64];
} RELOCATED;

enum rpm_request { RPM_REQ_NONE };
enum rpm_status { RPM_INVALID = -1 };

struct dev_pm_info {
  enum rpm_request request;
  enum rpm_status runtime_status;
} RELOCATED;

SEC("tp_btf/sched_switch") int first_element(u64 *context) {
  struct task_struct *previous = (struct task_struct *)context[1];
  return *previous->comm == 5;
}

#if __clang_major__ >= 15
SEC("socket") int signs(void *context) {
  struct dev_pm_info *info = context;
  u64 sum = 0;
  keep(field_signed(info->request));
  keep(field_signed(info->runtime_status));
  return sum;
}
#endif
