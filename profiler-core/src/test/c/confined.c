// confined WAY...: shuts itself in and waits for its end; says "ready" first.
#define _GNU_SOURCE
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>
#include <linux/filter.h>
#include <linux/seccomp.h>

static void allow_all(void) {
  struct sock_filter allow = {BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW};
  struct sock_fprog program = {1, &allow};
  prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program)) {
    exit(2);
  }
}

static void block(int from, int to) {
  sigset_t set;
  sigemptyset(&set);
  for (int s = from; s <= to; s++) {
    sigaddset(&set, s);
  }
  pthread_sigmask(SIG_BLOCK, &set, NULL);
}

static void *filtered(void *nothing) {
  allow_all();
  pause();
  return nothing;
}

static void *blocking(void *nothing) {
  block(SIGRTMIN, SIGRTMAX);
  pause();
  return nothing;
}

static void nothing(int signal) { (void)signal; }

int main(int argc, char **argv) {
  pthread_t thread;
  const char *last = "";
  for (int i = 1; i < argc; i++) {
    last = argv[i];
    if (!strcmp(last, "filter")) {
      allow_all();
    } else if (!strcmp(last, "filteredthread")) {
      pthread_create(&thread, NULL, filtered, NULL);
    } else if (!strcmp(last, "blockingthread")) {
      pthread_create(&thread, NULL, blocking, NULL);
    } else if (!strcmp(last, "blocks")) {
      block(62, 63);
    } else if (!strcmp(last, "handles")) {
      for (int s = SIGRTMIN; s <= SIGRTMAX; s++) {
        signal(s, nothing);
      }
    } else if (!strcmp(last, "ignores")) {
      signal(63, SIG_IGN);
    } else if (!strcmp(last, "nofile")) {
      struct rlimit few = {16, 16};
      setrlimit(RLIMIT_NOFILE, &few);
      while (dup(0) >= 0) {
      }
    } else if (!strcmp(last, "as")) {
      struct rlimit little = {16 << 20, 16 << 20};
      setrlimit(RLIMIT_AS, &little);
    } else if (!strcmp(last, "zombie")) {
      if (fork() == 0) {
        _exit(0);
      }
    }
  }
  usleep(100000); // the threads get where they are to be
  if (write(1, "ready\n", 6) != 6 || (!strcmp(last, "strict") && prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT))) {
    return 2;
  }
  for (char byte; read(0, &byte, 1) == 1;) {
  }
  return 0;
}
