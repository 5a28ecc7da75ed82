// Two threads: one unit alone, then X of two units inside a mutex. Serial until the rest takes longer:
// 1 - max(2f, (1 + 2f) / 2) / 2 with f = 1 - s.
// Variant "four": four threads, three units alone.
#include "truth.h"

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static double alone = 3;

static void *body(void *number) {
  keep_on_cpu((int)(long)number);
  while (!is_over()) {
    cold(units(alone));
    pthread_mutex_lock(&mutex);
    hot(scaled(6));
    pthread_mutex_unlock(&mutex);
    step();
  }
  return NULL;
}

int main(int argc, char **argv) {
  truth_begin(argc, argv);
  int threads = is_variant("four") ? 4 : 2;
  if (threads == 4) {
    alone = 9;
  }
  pthread_t t[4];
  for (long i = 0; i < threads; i++) {
    t[i] = thread(body, (void *)i);
  }
  for (int i = 0; i < threads; i++) {
    pthread_join(t[i], NULL);
  }
  truth_end();
}
