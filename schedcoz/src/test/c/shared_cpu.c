// Four threads that always want the same CPU: whoever is paused there leaves it to the next one.
#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>

__attribute__((noinline)) void step(void) { __asm__ volatile("nop"); }

static void *work(void *nothing) {
  unsigned long x = 1;
  for (;;) {
    for (int i = 0; i < 1000000; i++) {
      x = x * 6364136223846793005u + 1442695040888963407u;
      __asm__ volatile("" : "+r"(x));
    }
    step();
  }
  return nothing;
}

int main(void) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  cpu_set_t one;
  CPU_ZERO(&one);
  CPU_SET(0, &one);
  sched_setaffinity(0, sizeof one, &one);
  pthread_t t;
  for (int i = 1; i < 4; i++) pthread_create(&t, 0, work, 0);
  work(0);
}
