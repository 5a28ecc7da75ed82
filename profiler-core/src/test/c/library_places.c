/* A library for places.c to be loaded at run time. */
volatile long total;

static inline long doubled(long x) { return x * 2 + total; }

__attribute__((noinline)) long shared_sum(long n) {
  long s = 0;
  for (long i = 0; i < n; i++) {
    s += doubled(i);
  }
  total += s;
  return s;
}
