// 64 threads in two rings, each ring on a CPU of its own, hand on a ticket by condition variables; who holds it does X
// of 5 and 5 more units: s / 2.
#include "queue.h"

enum { THREADS = 64, RINGS = 2 };
static struct queue queues[THREADS];

static void *body(void *number) {
  long me = (long)number;
  keep_on_cpu((int)(me % RINGS));
  for (;;) {
    take(&queues[me]);
    hot(scaled(5));
    cold(units(5));
    step();
    if (is_over()) {
      truth_end();
    }
    put(&queues[(me + RINGS) % THREADS]);
  }
  return NULL;
}

int main(int argc, char **argv) {
  truth_begin(argc, argv);
  pthread_t last = 0;
  for (long i = 0; i < THREADS; i++) {
    queues[i] = (struct queue)QUEUE(2);
    last = thread(body, (void *)i);
  }
  put(&queues[0]);
  put(&queues[1]);
  pthread_join(last, NULL);
}
