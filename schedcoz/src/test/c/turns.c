// Two threads, each on a CPU of its own, take turns: while one works the other one's CPU has nothing to do. For each
// line read: half a second of it; the answer is the CPU time that the region took, in nanoseconds.
#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

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

static int there[2], back[2];

static void on_cpu(int cpu) {
  cpu_set_t one;
  CPU_ZERO(&one);
  CPU_SET(cpu, &one);
  sched_setaffinity(0, sizeof one, &one);
}

static long now(clockid_t clock) {
  struct timespec t;
  clock_gettime(clock, &t);
  return t.tv_sec * 1000000000L + t.tv_nsec;
}

static void *other(void *nothing) {
  on_cpu(1);
  char turn;
  while (read(there[0], &turn, 1) == 1) {
    cold(1500000);
    (void)!write(back[1], &turn, 1);
  }
  return nothing;
}

int main(void) {
  (void)!pipe(there);
  (void)!pipe(back);
  pthread_t t;
  pthread_create(&t, NULL, other, NULL);
  on_cpu(0);
  puts("ready");
  fflush(stdout);
  char line[64];
  while (fgets(line, sizeof line, stdin)) {
    long took = 0;
    for (long end = now(CLOCK_MONOTONIC) + 500000000; now(CLOCK_MONOTONIC) < end;) {
      long before = now(CLOCK_THREAD_CPUTIME_ID);
      hot(700000);
      took += now(CLOCK_THREAD_CPUTIME_ID) - before;
      char turn = 't';
      (void)!write(there[1], &turn, 1);
      (void)!read(back[0], &turn, 1);
    }
    printf("%ld\n", took);
    fflush(stdout);
  }
}
