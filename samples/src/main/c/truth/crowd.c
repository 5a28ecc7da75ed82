// 64 threads hand on two tickets by condition variables; who holds one does X of 5 and 5 more units: s / 2.
#include "queue.h"

enum { THREADS = 64 };
static struct queue queues[THREADS];

static void *body(void *number) {
  long me = (long)number;
  for (;;) {
    take(&queues[me]);
    hot(scaled(5));
    cold(units(5));
    step();
    if (is_over()) {
      truth_end();
    }
    put(&queues[(me + 1) % THREADS]);
  }
  return NULL;
}

int main(int argc, char **argv) {
  truth_begin(argc, argv);
  for (int i = 0; i < THREADS; i++) {
    queues[i] = (struct queue)QUEUE(2);
  }
  put(&queues[0]);
  put(&queues[THREADS / 2]);
  pthread_t last = 0;
  for (long i = 0; i < THREADS; i++) {
    last = thread(body, (void *)i);
  }
  pthread_join(last, NULL);
}
