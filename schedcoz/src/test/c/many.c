// Threads and processes that are born and end, and threads that wake each other on several CPUs. Obeys lines:
//   threads N    N threads, 8 at a time; the answer is a number
//   forks DEPTH  processes that fork, DEPTH generations of two each
//   game N       N rounds by pipe between two threads, each after some work in hot(), every eighth after little; the
//                answer: nanoseconds
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

static void must(int fine, const char *what) {
  if (fine) return;
  perror(what);
  _exit(1);
}

static volatile unsigned long sink;

static void burn(long steps) {
  unsigned long x = sink;
  for (long i = 0; i < steps; i++) x = x * 6364136223846793005UL + 1442695040888963407UL;
  sink = x;
}

__attribute__((noinline)) void hot(long steps) { burn(steps); }

__attribute__((noinline)) void step(void) { asm volatile(""); }

static void *brief(void *nothing) {
  burn(100);
  return nothing;
}

static void threads(long n) {
  pthread_t batch[8];
  for (long i = 0; i < n; i += 8) {
    for (int k = 0; k < 8; k++) must(!pthread_create(&batch[k], 0, brief, 0), "pthread_create");
    for (int k = 0; k < 8; k++) pthread_join(batch[k], 0);
  }
}

static void forks(int depth) {
  for (int i = 0; i < 2 && depth; i++) {
    pid_t child = fork();
    must(child >= 0, "fork");
    if (!child) {
      forks(depth - 1);
      _exit(0);
    }
  }
  while (wait(0) > 0);
}

static int there[2], back[2];
static void *partner(void *nothing) {
  char byte;
  for (;;) {
    must(read(there[0], &byte, 1) == 1, "read");
    must(write(back[1], &byte, 1) == 1, "write");
  }
  return nothing;
}

static void game(long rounds) {
  char byte = 1;
  for (long i = 0; i < rounds; i++) {
    hot(i % 8 ? 60000 : 500);  // a short one is over before the other thread has gone to sleep
    must(write(there[1], &byte, 1) == 1, "write");
    must(read(back[0], &byte, 1) == 1, "read");
    step();
  }
}

int main(void) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  pthread_t other;
  must(!pipe(there) && !pipe(back), "pipe");
  must(!pthread_create(&other, 0, partner, 0), "pthread_create");
  printf("ready\n");
  fflush(stdout);
  char line[64];
  while (fgets(line, sizeof line, stdin)) {
    char what[16];
    long n;
    must(sscanf(line, "%15s %ld", what, &n) == 2, "line");
    if (!strcmp(what, "threads")) threads(n);
    if (!strcmp(what, "forks")) forks(n);
    struct timespec a, b;
    clock_gettime(CLOCK_MONOTONIC, &a);
    if (!strcmp(what, "game")) game(n);
    clock_gettime(CLOCK_MONOTONIC, &b);
    printf("%ld\n", (b.tv_sec - a.tv_sec) * 1000000000L + b.tv_nsec - a.tv_nsec);
    fflush(stdout);
  }
}
