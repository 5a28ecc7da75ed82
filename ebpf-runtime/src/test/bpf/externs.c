// What an object may expect from the kernel.
#include <linux/bpf.h>
#include <stdbool.h>
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

extern int LINUX_KERNEL_VERSION __kconfig;
extern bool CONFIG_BPF_SYSCALL __kconfig __weak;
extern enum libbpf_tristate CONFIG_TMPFS __kconfig __weak;
extern char CONFIG_X86_64 __kconfig __weak;
extern __u64 CONFIG_HZ __kconfig __weak;
extern __u32 CONFIG_NR_CPUS __kconfig __weak;
extern char CONFIG_DEFAULT_HOSTNAME[8] __kconfig __weak;
extern int CONFIG_THERE_IS_NO_SUCH_THING __kconfig __weak;

extern const void bpf_prog_active __ksym __weak;
extern const void there_is_no_such_symbol __ksym __weak;
extern const int there_is_no_such_variable __ksym __weak;

struct task_struct {
  int pid;
} __attribute__((preserve_access_index));
extern struct task_struct *bpf_task_from_pid(int pid) __ksym;
extern void bpf_task_release(struct task_struct *) __ksym;
extern void bpf_there_is_no_such_function(int) __ksym __weak;

SEC("syscall")
int settings(void *context) {
  return LINUX_KERNEL_VERSION + CONFIG_BPF_SYSCALL + CONFIG_TMPFS + CONFIG_X86_64 + CONFIG_HZ +
         CONFIG_NR_CPUS + CONFIG_DEFAULT_HOSTNAME[1] + CONFIG_THERE_IS_NO_SUCH_THING;
}

SEC("syscall")
int symbols(void *context) {
  return (&there_is_no_such_symbol != 0) + (&there_is_no_such_variable != 0) +
         ((long)&bpf_prog_active != 1);
}

SEC("syscall")
int functions(void *context) {
  struct task_struct *task = bpf_task_from_pid(1);
  if (task)
    bpf_task_release(task);
  if (bpf_there_is_no_such_function)
    bpf_there_is_no_such_function(1);
  return 0;
}
