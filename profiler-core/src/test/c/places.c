/* Functions that the compiler cuts into parts, copies and melts into others: all of it is their
 * code. Runs until its input ends. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

volatile long sink;
volatile long source = 3;

__attribute__((cold, noinline)) void complain(const char *what) {
  fprintf(stderr, "places: %s\n", what);
  sink++;
}

static inline long blend(long x) {
  x ^= x >> 13;
  x *= 0x9e3779b97f4a7c15L;
  return x ^ (x >> 7);
}

/* Its unlikely half goes to a section of its own: checked.cold. */
__attribute__((noinline)) long checked(long x) {
  long y = blend(x);
  if (__builtin_expect(y == 12345, 0)) {
    complain("an unlikely number");
    for (int i = 0; i < 100; i++) {
      sink += blend(i) * y;
    }
    complain("twice");
  }
  return y + 1;
}

/* Called with one constant only: fold.constprop. */
__attribute__((noinline)) static long fold(const long *values, int count, long factor) {
  long sum = 0;
  for (int i = 0; i < count; i++) {
    sum += values[i] * factor + blend(sum);
  }
  return sum;
}

/* Its beginning is inlined, the rest is not: lookup.part. */
static long lookup(const char *key) {
  if (__builtin_expect(key == NULL, 1)) {
    return -1;
  }
  char buffer[64];
  snprintf(buffer, sizeof buffer, "<%s>", key);
  for (char *c = buffer; *c; c++) {
    sink = sink * 31 + *c;
    if (sink < 0) {
      fprintf(stderr, "%s\n", buffer);
    }
  }
  sink += strlen(buffer);
  puts(buffer);
  return sink;
}

struct pair {
  long a, b, c;
};

/* Given a structure of which it needs two numbers: difference.isra. */
__attribute__((noinline)) static long difference(const struct pair *p) {
  return blend(p->a) - p->b;
}

long first(const char *key) { return lookup(key) + checked(source); }

long second(const char *key) { return 2 * lookup(key) - checked(source + 1); }

long third(const char *key) { return lookup(key) ^ 5; }

int main(int argc, char **argv) {
  long values[8];
  for (int i = 0; i < 8; i++) {
    values[i] = blend(source + i);
  }
  struct pair p = {source, argc, 0};
  sink = fold(values, 8, 7) + difference(&p);
  sink += first(argv[1]) + second(argv[1]) + third(argv[1]);
  printf("ready\n");
  fflush(stdout);
  while (getchar() != EOF) {
    sink += checked(sink);
  }
  return 0;
}
