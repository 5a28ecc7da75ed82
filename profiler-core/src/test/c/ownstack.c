// Knows its own stack whenever it computes: outer, then as often as argv[1] says middle, then inner, then work.
#include <stdlib.h>
#include <time.h>

static volatile unsigned long sink;

static long cpu_millis(void) {
  struct timespec t;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

__attribute__((noinline, noclone)) void work(void) {
  for (int i = 0; i < 1000000; i++) sink += i;
}

__attribute__((noinline, noclone)) int inner(int n) {
  char room[n % 7 * 16 + 16];  // a frame whose size only the running program knows
  room[n % 7] = 1;
  work();
  return room[n % 7];
}

__attribute__((noinline, noclone)) int middle(int depth) {
  return depth > 1 ? middle(depth - 1) + 1 : inner(depth) + 1;
}

__attribute__((noinline, noclone)) int outer(int depth) { return middle(depth) + 1; }

int main(int argc, char **argv) {
  int depth = argc > 1 ? atoi(argv[1]) : 30;
  while (cpu_millis() < 400) sink += outer(depth);
  return 0;
}
