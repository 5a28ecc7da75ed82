// Every kind of relocation against types of a running kernel, present and missing. What is missing is guarded, so
// that the verifier takes the program: it never reaches the instructions that have no meaning here.
#include "core.h"

char LICENSE[] SEC("license") = "GPL";

typedef int pid_t;
typedef int pid_t___never_heard_of_by_this_name;
typedef int unheard_of_t;

struct list_head {
  struct list_head *next, *prev;
} RELOCATED;

// Deliberately unlike the kernel's: few fields, in another order.
struct task_struct {
  pid_t tgid;
  pid_t pid;
  char comm[16];
  unsigned in_execve : 1;
  unsigned sched_reset_on_fork : 1;
  struct list_head tasks;
  unsigned int __state;
  struct task_struct *group_leader;
  int unheard_of;
  unsigned unheard_of_bits : 3;
} RELOCATED;

struct task_struct___before_5_14 {
  volatile long state;
} RELOCATED;

struct iphdr {
  u8 version : 4;
  u8 ihl : 4;
  u32 daddr;
  u32 saddr;
} RELOCATED;

struct unheard_of {
  int field;
} RELOCATED;

union bpf_attr {
  u32 prog_type;
  u64 insns;
} RELOCATED;

enum pid_type { PIDTYPE_TGID = 70, PIDTYPE_PID = 80, PIDTYPE_UNHEARD_OF = 90 };
enum unheard_of_enum { UNHEARD_OF = 1 };

SEC("socket") int fields(void *context) {
  struct task_struct *t = context;
  struct task_struct___before_5_14 *old = context;
  struct iphdr *ip = context;
  u64 sum = 0;
  keep(byte_offset(t->pid));
  keep(byte_offset(t->comm[3]));
  keep(byte_offset(t->tasks.prev));
  keep(byte_offset(t->group_leader));
  keep(byte_offset(ip->saddr));
  keep(byte_offset(ip->daddr));
  keep(byte_size(t->comm));
  keep(byte_size(t->pid));
  keep(byte_size(t->tasks));
  keep(byte_offset(t->in_execve));
  keep(byte_size(t->in_execve));
  keep(left_shift(t->in_execve));
  keep(right_shift(t->in_execve));
  keep(field_signed(t->in_execve));
  keep(left_shift(ip->ihl));
  keep(right_shift(ip->ihl));
  keep(left_shift(ip->version));
  keep(field_signed(t->pid));
  keep(field_signed(t->__state));
  keep(field_exists(t->pid));
  keep(field_exists(t->unheard_of));
  keep(field_exists(t->unheard_of_bits));
  keep(field_exists(old->state));
  if (field_exists(t->unheard_of)) {
    keep(byte_offset(t->unheard_of));
    keep(byte_size(t->unheard_of));
    keep(field_signed(t->unheard_of));
    keep(left_shift(t->unheard_of_bits));
    keep(right_shift(t->unheard_of_bits));
  }
  if (field_exists(old->state))
    keep(byte_offset(old->state));
  return sum;
}

SEC("socket") int types(void *context) {
  u64 sum = 0;
  keep(local_id(struct task_struct));
  keep(target_id(struct task_struct));
  keep(target_id(struct unheard_of));
  keep(target_id(pid_t));
  keep(type_exists(struct task_struct));
  keep(type_exists(struct task_struct___before_5_14));
  keep(type_exists(struct unheard_of));
  keep(type_exists(pid_t));
  keep(type_exists(unheard_of_t));
  keep(type_exists(union bpf_attr));
  keep(type_exists(enum pid_type));
  keep(type_exists(enum unheard_of_enum));
  keep(type_size(struct task_struct));
  keep(type_size(struct unheard_of));
  keep(type_size(union bpf_attr));
  keep(type_size(pid_t));
#if __clang_major__ >= 15
  keep(type_matches(struct list_head));
  keep(type_matches(struct task_struct));
  keep(type_matches(struct unheard_of));
  keep(type_matches(pid_t));
#endif
  return sum;
}

SEC("socket") int enumerators(void *context) {
  u64 sum = 0;
  keep(value_exists(enum pid_type, PIDTYPE_PID));
  keep(value_exists(enum pid_type, PIDTYPE_UNHEARD_OF));
  keep(value_exists(enum unheard_of_enum, UNHEARD_OF));
  keep(value_of(enum pid_type, PIDTYPE_PID));
  keep(value_of(enum pid_type, PIDTYPE_TGID));
  if (value_exists(enum pid_type, PIDTYPE_UNHEARD_OF))
    keep(value_of(enum pid_type, PIDTYPE_UNHEARD_OF));
  if (value_exists(enum unheard_of_enum, UNHEARD_OF))
    keep(value_of(enum unheard_of_enum, UNHEARD_OF));
  return sum;
}

// Loads that the verifier lets happen directly: offsets inside instructions, through a pointer that it follows.
SEC("tp_btf/sched_switch") int accesses(u64 *context) {
  struct task_struct *previous = (struct task_struct *)context[1];
  struct task_struct *next = (struct task_struct *)context[2];
  u64 sum = 0;
  keep(previous->pid);
  keep(next->tgid);
  keep(previous->comm[2]);
  keep(next->__state);
  keep(previous->group_leader->pid);
  keep(next->tasks.next != 0);
  if (field_exists(previous->unheard_of))
    keep(previous->unheard_of);
  return sum == 0x123456;
}
