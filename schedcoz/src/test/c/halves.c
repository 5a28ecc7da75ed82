// Half of each round is region(), half the rest; ends by itself after a minute.
#include <stdint.h>
#include <time.h>
#include <unistd.h>

static uint64_t seed = 1;

static void spin(long n) {
  for (; n > 0; n--) {
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    __asm__ volatile("" : "+r"(seed));
  }
}

__attribute__((noinline)) void region(long n) { spin(n); __asm__ volatile(""); }
__attribute__((noinline)) void rest(long n) { spin(n); __asm__ volatile(""); }
__attribute__((noinline)) void step(void) { __asm__ volatile(""); }

int main(void) {
  alarm(3600);
  for (;;) {
    region(200000);
    rest(200000);
    step();
  }
}
