// Prints what the compiler knows about the structs that Java code lays out by hand.
#include <linux/perf_event.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>

#define VALUE(x) printf("%s %ld\n", #x, (long)(x))
#define FIELD(s, f) printf("%s.%s %ld\n", #s, #f, (long)offsetof(struct s, f))
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
  return 0;
}
