// Spends 70, 20 and 10 % of its CPU time in three functions, by equal units of work, for argv[1] ms of CPU time.
#include <stdlib.h>
#include <time.h>

static volatile unsigned long sink;

// One loop for all: two copies of it may differ in speed by their alignment.
__attribute__((noinline, noclone)) void spin(int n) {
  for (int i = 0; i < n * 2000; i++) sink += i;
}

#define UNIT(name)                                      \
  __attribute__((noinline, noclone)) void name(int n) { \
    spin(n);                                            \
    sink++;                                             \
  }
UNIT(seventy)
UNIT(twenty)
UNIT(ten)

static long cpu_millis(void) {
  struct timespec t;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

int main(int argc, char **argv) {
  long millis = argc > 1 ? atol(argv[1]) : 1000;
  unsigned long dice = 1;
  while (cpu_millis() < millis) {
    // Rounds of all lengths, or they could keep step with the samples.
    dice = dice * 6364136223846793005UL + 1442695040888963407UL;
    int n = 1 + (dice >> 33) % 16;
    seventy(7 * n);
    twenty(2 * n);
    ten(n);
  }
  return 7;
}
