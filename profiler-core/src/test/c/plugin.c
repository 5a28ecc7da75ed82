// A shared library whose one function computes for 25 ms of CPU time.
#include <time.h>

static volatile unsigned long sink;

static long cpu_millis(void) {
  struct timespec t;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

__attribute__((noinline)) void in_plugin(void) {
  long end = cpu_millis() + 25;
  while (cpu_millis() < end)
    for (int i = 0; i < 20000; i++) sink += i;
}
