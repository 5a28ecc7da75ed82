// A program that makes it difficult to enter it, in the way that its argument names; then says "ready" and goes on
// making system calls.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static void caught(int signal) { (void)signal; }

// kills the process at one call; with 0 at none
static void filter(unsigned forbidden, unsigned action) {
  struct sock_filter code[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AUDIT_ARCH_X86_64, 1, 0),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, forbidden, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, action),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  struct sock_fprog program = {sizeof code / sizeof *code, code};
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program)) exit(3);
}

// executable mappings are refused, as systemd's MemoryDenyWriteExecute= does for writable ones
static void no_executable_mappings(void) {
  struct sock_filter code[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_mmap, 0, 3),
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[2])),
      BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, 4, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  struct sock_fprog program = {sizeof code / sizeof *code, code};
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program)) exit(3);
}

int main(int argc, char **argv) {
  const char *how = argc > 1 ? argv[1] : "";
  struct rlimit none = {0, 0};
  if (!strcmp(how, "filter-harmless")) filter(SYS_reboot, SECCOMP_RET_KILL_PROCESS);
  if (!strcmp(how, "filter-memfd")) filter(SYS_memfd_create, SECCOMP_RET_KILL_PROCESS);
  if (!strcmp(how, "filter-sigprocmask")) filter(SYS_rt_sigprocmask, SECCOMP_RET_ERRNO | EPERM);
  if (!strcmp(how, "filter-mmap-exec")) no_executable_mappings();
  if (!strcmp(how, "mdwe") && prctl(65 /* PR_SET_MDWE */, 1, 0, 0, 0)) return 4;
  if (!strcmp(how, "address-space")) {
    none.rlim_cur = none.rlim_max = 1 << 20;
    setrlimit(RLIMIT_AS, &none);
  }
  if (!strcmp(how, "files")) {
    none.rlim_cur = none.rlim_max = 3;
    setrlimit(RLIMIT_NOFILE, &none);
  }
  if (!strcmp(how, "signals-blocked")) {
    for (int signal = 35; signal < 64; signal++) sigaction(signal, &(struct sigaction){.sa_handler = caught}, NULL);
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, 64);
    sigprocmask(SIG_BLOCK, &set, NULL);
  }
  if (!strcmp(how, "trap-ignored")) {
    signal(SIGTRAP, SIG_IGN);
  }
  if (write(1, "ready\n", 6) != 6) return 5;
  if (!strcmp(how, "strict")) {
    prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT);
    for (;;) syscall(SYS_write, -1, "", 0);
  }
  if (!strcmp(how, "exec")) {
    struct timespec t = {0, 300000000};
    nanosleep(&t, NULL);
    execl("/bin/sleep", "sleep", "1000", NULL);
  }
  for (;;) {
    struct timespec t = {0, 1000000};
    nanosleep(&t, NULL);
  }
}
