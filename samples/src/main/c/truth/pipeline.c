// Three threads with queues between them: 0.1, X of 2, 0.8 units. Until the third is the slowest: min(s, 0.6). Never
// more work than two CPUs can do.
#include "queue.h"

static struct queue first = QUEUE(4), second = QUEUE(4);

static void *source(void *nothing) {
  keep_on_cpu(0);
  for (;;) {
    cold(units(0.5));
    put(&first);
  }
  return nothing;
}

static void *worker(void *nothing) {
  keep_on_cpu(1);
  for (;;) {
    take(&first);
    hot(scaled(10));
    put(&second);
  }
  return nothing;
}

int main(int argc, char **argv) {
  truth_begin(argc, argv);
  thread(source, NULL);
  thread(worker, NULL);
  keep_on_cpu(0);
  while (!is_over()) {
    take(&second);
    cold(units(4));
    step();
  }
  truth_end();
}
