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
  pins = 1;
  keep_on_cpu(0);
  pthread_t t[4];
  for (int i = 0; i < 4; i++) {
    t[i] = thread(body, NULL);
  }
  for (int i = 0; i < 4; i++) {
    pthread_join(t[i], NULL);
  }
  truth_end();
}
