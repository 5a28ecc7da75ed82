// A reader waits 1 ms for its device, item after item; another thread does X on each item meanwhile. Only the device
// matters: 0.
#include "queue.h"

static struct queue items = QUEUE(4);

static void *reader(void *nothing) {
  for (;;) {
    sleep_nanos(1000000);
    put(&items);
  }
  return nothing;
}

int main(int argc, char **argv) {
  truth_begin(argc, argv);
  thread(reader, NULL);
  while (!is_over()) {
    take(&items);
    hot(scaled(5));
    step();
  }
  truth_end();
}
