/* Burns CPU in two functions until it is killed, or for argv[1] iterations. */
#include <stdlib.h>

volatile unsigned long sink;

__attribute__((noinline)) void inner(int n) {
  for (int i = 0; i < n; i++) sink += i * 2654435761UL;
}

__attribute__((noinline)) void outer(int n) {
  inner(n);
  sink++;
}

int main(int argc, char **argv) {
  long rounds = argc > 1 ? atol(argv[1]) : -1;
  while (rounds < 0 || rounds-- > 0) outer(10000);
  return 0;
}
