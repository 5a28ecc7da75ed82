// Two processes share memory with two semaphores in it (futexes): one does X of 20 units, the other one 10 for each:
// min(s, 1/2).
#include "truth.h"
#include <semaphore.h>

struct slots {
  sem_t room, held;
};
static struct slots *slots;

static void wait_for(sem_t *s) {
  while (sem_wait(s) != 0) {
    must(errno == EINTR, "sem_wait");
  }
}

static void producer(void) {
  keep_on_cpu(1);
  for (;;) {
    hot(scaled(20));
    wait_for(&slots->room);
    sem_post(&slots->held);
  }
}

int main(int argc, char **argv) {
  truth_begin(argc, argv);
  void *page = mmap(NULL, sizeof *slots, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  must(page != MAP_FAILED, "mmap");
  slots = page;
  sem_init(&slots->room, 1, 2);
  sem_init(&slots->held, 1, 0);
  child(producer);
  keep_on_cpu(0);
  while (!is_over()) {
    wait_for(&slots->held);
    cold(units(10));
    sem_post(&slots->room);
    step();
  }
  truth_end();
}
