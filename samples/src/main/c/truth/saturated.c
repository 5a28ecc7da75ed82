// Four threads on one CPU, half of their work X: s / 2.
#include "truth.h"

static void *body(void *nothing) {
  while (!is_over()) {
    hot(scaled(5));
    cold(units(5));
    step();
  }
  return nothing;
}

int main(int argc, char **argv) {
  truth_begin(argc, argv);
  cpu_set_t allowed, one;
  must(sched_getaffinity(0, sizeof allowed, &allowed) == 0, "sched_getaffinity");
  int last = CPU_SETSIZE - 1;
  while (!CPU_ISSET(last, &allowed)) {
    last--;
  }
  CPU_ZERO(&one);
  CPU_SET(last, &one);
  must(sched_setaffinity(0, sizeof one, &one) == 0, "sched_setaffinity");
  pthread_t t[4];
  for (int i = 0; i < 4; i++) {
    t[i] = thread(body, NULL);
  }
  for (int i = 0; i < 4; i++) {
    pthread_join(t[i], NULL);
  }
  truth_end();
}
