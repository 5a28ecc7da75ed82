// Calls a function as often as it is told, for tests that watch the calls.
#include <stdio.h>
#include <stdlib.h>

__attribute__((noinline)) int watched(int n) {
  __asm__ volatile("" : "+r"(n));
  return n + 1;
}

int main(int argc, char **argv) {
  int times = argc > 1 ? atoi(argv[1]) : 1;
  int sum = 0;
  for (int i = 0; i < times; i++) sum = watched(sum);
  printf("%d\n", sum);
  return 0;
}
