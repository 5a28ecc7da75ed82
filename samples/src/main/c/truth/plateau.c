// Two threads a round, born and joined: X in the long one. Faster than the short one helps nobody: min(s, 1/2).
// Variant "short": X is the short one, 0.
#include "truth.h"

static void *region(void *cost) {
  hot(scaled(*(double *)cost));
  return NULL;
}

static void *rest(void *cost) {
  cold(units(*(double *)cost));
  return NULL;
}

int main(int argc, char **argv) {
  truth_begin(argc, argv);
  double x = is_variant("short") ? 10 : 20;
  double other = 30 - x;
  while (!is_over()) {
    pthread_t a = thread_on_cpu(0, region, &x);
    pthread_t b = thread_on_cpu(1, rest, &other);
    pthread_join(a, NULL);
    pthread_join(b, NULL);
    step();
  }
  truth_end();
}
