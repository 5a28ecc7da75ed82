// One thread makes progress under a mutex, the other one does X between its visits to the same mutex: the faster X, the
// more often it is in the way. Negative.
// Variant "spin": a lock that spins, so that the kernel sees no hand-over.
// Variant "line": no lock, but a cache line that both write; how much that costs is up to the machine.
#include "truth.h"

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_spinlock_t spinning;
static long counter __attribute__((aligned(128)));
static int how;

static void count(long n) {
  for (long i = 0; i < n; i++) {
    __atomic_fetch_add(&counter, 1, __ATOMIC_RELAXED);
  }
}

static void inside(double n) {
  if (how == 2) {
    count(units(n) / 8);
    return;
  }
  how ? pthread_spin_lock(&spinning) : pthread_mutex_lock(&mutex);
  cold(units(n));
  how ? pthread_spin_unlock(&spinning) : pthread_mutex_unlock(&mutex);
}

static void *intruder(void *nothing) {
  for (;;) {
    hot(scaled(12));
    inside(4);
  }
  return nothing;
}

int main(int argc, char **argv) {
  truth_begin(argc, argv);
  how = is_variant("spin") ? 1 : is_variant("line") ? 2 : 0;
  pthread_spin_init(&spinning, PTHREAD_PROCESS_PRIVATE);
  thread(intruder, NULL);
  while (!is_over()) {
    cold(units(1));
    inside(2);
    step();
  }
  truth_end();
}
