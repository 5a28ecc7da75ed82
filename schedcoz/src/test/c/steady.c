// Several processes that work on for as long as they are let, each with a thread in the region (hot) and one that makes
// progress (step). Every thread counts its rounds in a file, by which one sees from outside that it gets on; who finds a
// wrong result counts it in the first word.
//
//   FILE CHILDREN WORD...    coming: another short child now and then; sealed: one child allows itself hardly any call
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { WORDS = 512 };
static volatile uint64_t *words;
static long work = 100000;

#define PUBLIC __attribute__((noinline, used))
#define LOOP(n)                                             \
  uint64_t seed = 1;                                        \
  for (long i = 0; i < (n); i++) {                          \
    seed = seed * 6364136223846793005u + 1442695040888963407u; \
    __asm__ volatile("" : "+r"(seed));                      \
  }                                                         \
  return seed;

PUBLIC uint64_t hot(long n) { LOOP(n) }
PUBLIC uint64_t cold(long n) { LOOP(n) }
PUBLIC void step(void) { __asm__ volatile(""); }
PUBLIC void never(void) { __asm__ volatile("nop"); }

static uint64_t known;

static void check(uint64_t result) {
  if (result != known) {
    __atomic_fetch_add(&words[0], 1, __ATOMIC_SEQ_CST);
  }
}

static void *hot_thread(void *slot) {
  for (;;) {
    check(hot(work));
    (*(volatile uint64_t *)slot)++;
    sched_yield();
  }
  return NULL;
}

static void *step_thread(void *slot) {
  for (;;) {
    check(cold(work));
    step();
    (*(volatile uint64_t *)slot)++;
    struct timespec t = {0, 300000};
    if (nanosleep(&t, NULL) != 0) {
      __atomic_fetch_add(&words[1], 1, __ATOMIC_SEQ_CST);
    }
  }
  return NULL;
}

// What an entry needs and this process never will: for all of its threads, as any of them may be made to call.
static void seal(void) {
  struct sock_filter filter[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_mmap, 3, 0),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_rt_sigaction, 2, 0),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_memfd_create, 1, 0),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
  };
  struct sock_fprog program = {sizeof filter / sizeof *filter, filter};
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
      syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &program)) {
    _exit(3);
  }
}

static void process(int number, int sealed) {
  pthread_t t;
  pthread_create(&t, NULL, hot_thread, (void *)&words[2 + 2 * number]);
  if (sealed) {
    seal();
  }
  step_thread((void *)&words[3 + 2 * number]);
}

int main(int argc, char **argv) {
  int fd = open(argv[1], O_RDWR);
  words = mmap(NULL, WORDS * 8, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  if (words == MAP_FAILED) {
    perror(argv[1]);
    return 2;
  }
  close(fd);
  known = cold(work);
  int children = atoi(argv[2]);
  int coming = argc > 3 && !strcmp(argv[3], "coming");
  int sealed = argc > 3 && !strcmp(argv[3], "sealed");
  for (int i = 1; i <= children; i++) {
    if (fork() == 0) {
      prctl(PR_SET_PDEATHSIG, SIGKILL);
      process(i, sealed && i == 1);
    }
  }
  if (!coming) {
    process(0, 0);
  }
  pthread_t t;
  pthread_create(&t, NULL, hot_thread, (void *)&words[2]);
  pthread_create(&t, NULL, step_thread, (void *)&words[3]);
  // Three children that stay, and others that live for a while, two at a time: forked while a profiler may be here.
  int alive = 0;
  for (int i = 0;; i++) {
    int stays = i % 4 == 3 && i < 12;
    if (fork() == 0) {
      prctl(PR_SET_PDEATHSIG, SIGKILL);
      if (stays) {
        process(children + 1 + i / 4, 0);
      }
      for (int j = 0; j < 100; j++) {
        check(cold(work));
      }
      _exit(0);
    }
    alive += !stays;
    struct timespec t2 = {0, 200000000};
    nanosleep(&t2, NULL);
    while (waitpid(-1, NULL, alive < 2 ? WNOHANG : 0) > 0) {
      alive--;
    }
  }
}
