// Region X of library.c, a shared library of its own.
#include <stdint.h>

__attribute__((noinline, used, visibility("default"))) uint64_t hot(long n) {
  uint64_t seed = (uint64_t)n;
  for (long i = n; i > 0; i--) { seed = seed * 6364136223846793005u + 1442695040888963407u; __asm__ volatile("" : "+r"(seed)); } // region
  return seed;
}
