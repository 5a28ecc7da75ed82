// Ways in which a process shuts itself in, by name; several joined by commas.
#ifndef CONFINE_H
#define CONFINE_H
#include "report.h"
#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>

// include/uapi/linux/{seccomp,filter,bpf_common}.h, for C libraries that come without them
struct filter_step {
  uint16_t code;
  uint8_t jt, jf;
  uint32_t k;
};
struct filter_program {
  unsigned short len;
  struct filter_step *steps;
};
enum { LOAD = 0x20, JUMP_EQUAL = 0x15, RETURN = 0x06 };
#define ALLOW 0x7fff0000u
#define KILL 0x80000000u
#define TRAP 0x00030000u
#define REFUSE (0x00050000u | EPERM)
#ifndef SYS_memfd_create
#define SYS_memfd_create 319
#endif

static void confine_failed(const char *how) {
  perror(how);
  exit(2);
}

// Listed calls get one answer, all others the other one.
static void filter(const int *calls, int n, uint32_t listed, uint32_t others) {
  static struct filter_step steps[64];
  int at = 0;
  steps[at++] = (struct filter_step){LOAD, 0, 0, 0}; // seccomp_data.nr
  for (int i = 0; i < n; i++) {
    steps[at++] = (struct filter_step){JUMP_EQUAL, (uint8_t)(n - i), 0, (uint32_t)calls[i]};
  }
  steps[at++] = (struct filter_step){RETURN, 0, 0, others};
  steps[at++] = (struct filter_step){RETURN, 0, 0, listed};
  struct filter_program program = {(unsigned short)at, steps};
  // SECCOMP_SET_MODE_FILTER with SECCOMP_FILTER_FLAG_TSYNC: for all threads
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || syscall(SYS_seccomp, 1, 1, &program)) {
    confine_failed("seccomp");
  }
}

static void no_system_call(int signal) { report_wrong("SIGSYS", signal, 0); }

static void limit(int which, rlim_t soft) {
  struct rlimit limits;
  getrlimit(which, &limits);
  limits.rlim_cur = soft;
  if (setrlimit(which, &limits)) {
    confine_failed("setrlimit");
  }
}

static long address_space(void) {
  char text[4096];
  int fd = open("/proc/self/statm", O_RDONLY);
  long n = read(fd, text, sizeof text - 1);
  close(fd);
  text[n < 0 ? 0 : n] = 0;
  return atol(text) * 4096;
}

static void confine_one(const char *how) {
  static const int needed[] = {SYS_read,         SYS_write,        SYS_exit,         SYS_exit_group, SYS_futex,
                               SYS_rt_sigreturn, SYS_nanosleep,    SYS_clock_nanosleep, SYS_clock_gettime, SYS_poll,
                               SYS_restart_syscall, SYS_sched_yield, SYS_rt_sigprocmask, SYS_gettid, SYS_getpid};
  static const int ours[] = {SYS_memfd_create};
  static const int others[] = {SYS_mount, SYS_umount2, SYS_reboot, SYS_kexec_load, SYS_swapon};
  if (!strcmp(how, "strict")) {
    if (prctl(PR_SET_SECCOMP, 1)) {
      confine_failed(how);
    }
  } else if (!strcmp(how, "allowlist")) {
    filter(needed, sizeof needed / sizeof *needed, ALLOW, KILL);
  } else if (!strcmp(how, "trapmemfd")) {
    signal(SIGSYS, no_system_call);
    filter(ours, 1, TRAP, ALLOW);
  } else if (!strcmp(how, "refusememfd")) {
    filter(ours, 1, REFUSE, ALLOW);
  } else if (!strcmp(how, "permissive")) {
    filter(others, sizeof others / sizeof *others, REFUSE, ALLOW);
  } else if (!strcmp(how, "nonewprivs")) {
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  } else if (!strcmp(how, "mdwe")) {
    if (prctl(65 /* PR_SET_MDWE, Linux 6.3 */, 1 /* PR_MDWE_REFUSE_EXEC_GAIN */, 0, 0, 0)) {
      confine_failed(how);
    }
  } else if (!strcmp(how, "undumpable")) {
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
  } else if (!strcmp(how, "nofile")) {
    limit(RLIMIT_NOFILE, 16);
    while (dup(0) >= 0) {
    }
  } else if (!strcmp(how, "nofsize")) {
    limit(RLIMIT_FSIZE, 0);
  } else if (!strcmp(how, "as")) {
    limit(RLIMIT_AS, (rlim_t)address_space());
  } else if (!strcmp(how, "nobody")) {
    if (setgid(65534) || setuid(65534)) {
      confine_failed(how);
    }
  } else {
    fprintf(stderr, "not known: %s\n", how);
    exit(2);
  }
}

static void confine(const char *ways) {
  char text[256];
  snprintf(text, sizeof text, "%s", ways);
  for (char *rest = text, *way; (way = strsep(&rest, ",")) != NULL;) {
    if (*way && strcmp(way, "-")) {
      confine_one(way);
    }
  }
}
#endif
