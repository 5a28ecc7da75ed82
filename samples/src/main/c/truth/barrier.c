// Two threads meet at a barrier: X of 15 units in one, 10 units in the other: min(s, 1/3).
#include "truth.h"

static pthread_barrier_t meeting;

static void *region(void *nothing) {
  keep_on_cpu(1);
  for (;;) {
    hot(scaled(15));
    pthread_barrier_wait(&meeting);
  }
  return nothing;
}

int main(int argc, char **argv) {
  truth_begin(argc, argv);
  pthread_barrier_init(&meeting, NULL, 2);
  thread(region, NULL);
  keep_on_cpu(0);
  while (!is_over()) {
    cold(units(10));
    pthread_barrier_wait(&meeting);
    step();
  }
  truth_end();
}
