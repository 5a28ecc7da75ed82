// 64 threads in two rings, each ring on a CPU of its own, hand on a ticket by condition variables; who holds it does X
// of 5 and 5 more units: s / 2.
#include "queue.h"

enum { THREADS = 64, RINGS = 2 };
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
    put(&queues[(me + RINGS) % THREADS]);
  }
  return NULL;
}

// Left to itself, the kernel may wake both rings on one CPU, run after run.
static void keep_on(pthread_t t, const cpu_set_t *allowed, int which) {
  int count = CPU_COUNT(allowed);
  for (int cpu = 0; cpu < CPU_SETSIZE; cpu++) {
    if (CPU_ISSET(cpu, allowed) && which-- % count == 0) {
      cpu_set_t one;
      CPU_ZERO(&one);
      CPU_SET(cpu, &one);
      pthread_setaffinity_np(t, sizeof one, &one);
      return;
    }
  }
}

int main(int argc, char **argv) {
  truth_begin(argc, argv);
  cpu_set_t allowed;
  must(sched_getaffinity(0, sizeof allowed, &allowed) == 0, "sched_getaffinity");
  pthread_t last = 0;
  for (long i = 0; i < THREADS; i++) {
    queues[i] = (struct queue)QUEUE(2);
    last = thread(body, (void *)i);
    keep_on(last, &allowed, (int)(i % RINGS));
  }
  put(&queues[0]);
  put(&queues[1]);
  pthread_join(last, NULL);
}
