// Prints what the compiler knows about the structs that Java code lays out by hand.
#include <elf.h>
#include <linux/perf_event.h>
#include <linux/ptrace.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>

#define VALUE(x) printf("%s %ld\n", #x, (long)(x))
#define FIELD(s, f) printf("%s.%s %ld\n", #s, #f, (long)offsetof(struct s, f))
#define FIELD_OF(t, f) printf("%s.%s %ld\n", #t, #f, (long)offsetof(t, f))
#define SIZE(t) printf("sizeof(%s) %ld\n", #t, (long)sizeof(t))
#define BIT(f)                                       \
  do {                                               \
    struct perf_event_attr a;                        \
    memset(&a, 0, sizeof a);                         \
    a.f = 1;                                         \
    unsigned long word;                              \
    memcpy(&word, (char *)&a + 40, sizeof word);     \
    printf("bit %s %d\n", #f, __builtin_ctzl(word)); \
  } while (0)

int main(void) {
  SIZE(struct perf_event_attr);
  FIELD(perf_event_attr, type);
  FIELD(perf_event_attr, size);
  FIELD(perf_event_attr, config);
  FIELD(perf_event_attr, sample_period);
  FIELD(perf_event_attr, sample_type);
  FIELD(perf_event_attr, read_format);
  FIELD(perf_event_attr, wakeup_watermark);
  FIELD(perf_event_attr, config1);
  FIELD(perf_event_attr, config2);
  FIELD(perf_event_attr, sample_regs_user);
  FIELD(perf_event_attr, sample_stack_user);
  FIELD(perf_event_attr, clockid);
  FIELD(perf_event_mmap_page, data_head);
  FIELD(perf_event_mmap_page, data_tail);
  BIT(disabled);
  BIT(inherit);
  BIT(exclude_kernel);
  BIT(exclude_hv);
  BIT(mmap);
  BIT(comm);
  BIT(enable_on_exec);
  BIT(task);
  BIT(watermark);
  BIT(sample_id_all);
  BIT(exclude_callchain_kernel);
  BIT(exclude_callchain_user);
  BIT(mmap2);
  BIT(comm_exec);
  BIT(use_clockid);
  VALUE(PERF_COUNT_SW_TASK_CLOCK);
  VALUE(PERF_COUNT_SW_DUMMY);
  VALUE(PERF_COUNT_SW_BPF_OUTPUT);
  VALUE(PERF_SAMPLE_RAW);
  VALUE(PERF_SAMPLE_CALLCHAIN);
  VALUE(PERF_SAMPLE_REGS_USER);
  VALUE(PERF_SAMPLE_STACK_USER);
  VALUE(PERF_RECORD_SAMPLE);
  VALUE(PERF_RECORD_MMAP2);
  VALUE(PERF_RECORD_FORK);
  VALUE(PERF_RECORD_MISC_COMM_EXEC);
  VALUE(PERF_EVENT_IOC_ENABLE);
  VALUE(PERF_EVENT_IOC_DISABLE);
  VALUE(PERF_EVENT_IOC_SET_OUTPUT);
  VALUE(PERF_EVENT_IOC_SET_BPF);
  VALUE(SYS_bpf);
  VALUE(SYS_fsopen);
  VALUE(SYS_fsconfig);
  VALUE(SYS_fsmount);
  VALUE(FSOPEN_CLOEXEC);
  VALUE(FSMOUNT_CLOEXEC);
  VALUE(FSCONFIG_CMD_CREATE);
  VALUE(PERF_COUNT_SW_CPU_CLOCK);
  VALUE(SYS_perf_event_open);
  VALUE(SYS_pidfd_open);
  SIZE(posix_spawnattr_t);
  SIZE(posix_spawn_file_actions_t);
  SIZE(sigset_t);
  SIZE(struct rlimit);
  SIZE(struct timespec);
  SIZE(struct pollfd);
  FIELD(pollfd, events);
  FIELD(pollfd, revents);
  VALUE(POSIX_SPAWN_SETPGROUP);
  VALUE(POSIX_SPAWN_SETSIGDEF);
  VALUE(POSIX_SPAWN_SETSIGMASK);
  VALUE(RLIMIT_NOFILE);
  VALUE(RLIMIT_MEMLOCK);
  VALUE(WUNTRACED);
  VALUE(CLOCK_MONOTONIC);
  VALUE(CLOCK_THREAD_CPUTIME_ID);
  VALUE(MAP_SHARED);
  VALUE(SIGSTOP);
  VALUE(SIGCONT);
  SIZE(struct user_regs_struct);
  FIELD(user_regs_struct, r15);
  FIELD(user_regs_struct, r14);
  FIELD(user_regs_struct, r13);
  FIELD(user_regs_struct, r12);
  FIELD(user_regs_struct, rbp);
  FIELD(user_regs_struct, rbx);
  FIELD(user_regs_struct, r11);
  FIELD(user_regs_struct, r10);
  FIELD(user_regs_struct, r9);
  FIELD(user_regs_struct, r8);
  FIELD(user_regs_struct, rax);
  FIELD(user_regs_struct, rcx);
  FIELD(user_regs_struct, rdx);
  FIELD(user_regs_struct, rsi);
  FIELD(user_regs_struct, rdi);
  FIELD(user_regs_struct, orig_rax);
  FIELD(user_regs_struct, rip);
  FIELD(user_regs_struct, cs);
  FIELD(user_regs_struct, eflags);
  FIELD(user_regs_struct, rsp);
  FIELD(user_regs_struct, ss);
  FIELD(user_regs_struct, fs_base);
  FIELD(user_regs_struct, gs_base);
  FIELD(user_regs_struct, ds);
  FIELD(user_regs_struct, es);
  FIELD(user_regs_struct, fs);
  FIELD(user_regs_struct, gs);
  VALUE(PTRACE_PEEKTEXT);
  VALUE(PTRACE_POKETEXT);
  VALUE(PTRACE_CONT);
  VALUE(PTRACE_SINGLESTEP);
  VALUE(PTRACE_GETREGS);
  VALUE(PTRACE_SETREGS);
  VALUE(PTRACE_DETACH);
  VALUE(PTRACE_SYSCALL);
  VALUE(PTRACE_SETOPTIONS);
  VALUE(PTRACE_GETEVENTMSG);
  VALUE(PTRACE_GETSIGINFO);
  VALUE(PTRACE_GETREGSET);
  VALUE(PTRACE_SETREGSET);
  VALUE(PTRACE_SEIZE);
  VALUE(PTRACE_INTERRUPT);
  VALUE(PTRACE_LISTEN);
  VALUE(PTRACE_GETSIGMASK);
  VALUE(PTRACE_SETSIGMASK);
  VALUE(PTRACE_GET_SYSCALL_INFO);
  VALUE(PTRACE_GET_RSEQ_CONFIGURATION);
  VALUE(PTRACE_O_TRACESYSGOOD);
  VALUE(PTRACE_EVENT_STOP);
  SIZE(siginfo_t);
  FIELD_OF(siginfo_t, si_code);
  FIELD_OF(siginfo_t, si_pid);
  FIELD_OF(siginfo_t, si_status);
  SIZE(struct iovec);
  SIZE(struct ptrace_rseq_configuration);
  SIZE(struct ptrace_syscall_info);
  FIELD(ptrace_syscall_info, entry.nr);
  VALUE(PTRACE_SYSCALL_INFO_ENTRY);
  VALUE(PTRACE_SYSCALL_INFO_EXIT);
  VALUE(PTRACE_SYSCALL_INFO_SECCOMP);
  VALUE(NT_X86_XSTATE);
  VALUE(SYS_ptrace);
  VALUE(SYS_process_vm_readv);
  VALUE(WNOHANG);
  VALUE(WSTOPPED);
  VALUE(WEXITED);
  VALUE(WNOWAIT);
  VALUE(__WALL);
  VALUE(P_PID);
  VALUE(CLD_TRAPPED);
  VALUE(CLD_STOPPED);
  return 0;
}
