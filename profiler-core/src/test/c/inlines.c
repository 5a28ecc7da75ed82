/* Code in which functions melt into each other: what debug information must untangle. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct node {
  struct node *next;
  long key;
  char text[16];
};

static inline long mix(long x) {
  x ^= x >> 13;
  x *= 0x9e3779b97f4a7c15L;
  return x ^ (x >> 7);
}

static inline __attribute__((always_inline)) long twice(long x) { return mix(x) + mix(x + 1); }

static inline __attribute__((always_inline)) struct node *push(struct node *head, long key) {
  struct node *n = malloc(sizeof *n);
  if (n == NULL) {
    abort();
  }
  n->next = head;
  n->key = twice(key);
  snprintf(n->text, sizeof n->text, "%ld", key);
  return n;
}

static int compare(const void *a, const void *b) {
  long x = *(const long *)a, y = *(const long *)b;
  return x < y ? -1 : x > y;
}

__attribute__((noinline)) static long sum(const struct node *head) {
  long s = 0;
  for (const struct node *n = head; n != NULL; n = n->next) {
    s += mix(n->key) + (long)strlen(n->text);
  }
  return s;
}

__attribute__((cold, noinline)) static void complain(const char *what) {
  fprintf(stderr, "inlines: %s\n", what);
  exit(1);
}

static long nested(long seed) {
  long kept = seed;
#ifndef __clang__
  long inner(long x) { return x * kept + twice(x); } /* a GNU nested function */
#else
#define inner(x) ((x) * kept + twice(x))
#endif
  for (int i = 0; i < 10; i++) {
    kept += inner(i);
  }
  return kept;
}

static long dispatch(int kind, long x) {
  switch (kind & 7) {
    case 0: return mix(x);
    case 1: return twice(x);
    case 2: return nested(x);
    case 3: return x / 3;
    case 4: return x % 1000;
    case 5: return (long)((double)x * 1.5);
    case 6: return x << 3;
    default: return ~x;
  }
}

int never_called(int x) { return x * 31 + 7; }

int main(int argc, char **argv) {
  int rounds = argc > 1 ? atoi(argv[1]) : 3;
  if (rounds < 0) {
    complain("negative rounds");
  }
  struct node *head = NULL;
  long values[64];
  for (int i = 0; i < 64; i++) {
    head = push(head, i * (long)rounds);
    values[i] = dispatch(i, head->key);
  }
  qsort(values, 64, sizeof values[0], compare);
  printf("%ld %ld\n", sum(head), values[7]);
  return 0;
}
