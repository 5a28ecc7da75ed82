// One thread makes progress under a lock, the other one does X between its visits to the same lock: the faster X, the
// more often it is in the way. Negative. The lock is a fair one, so that nothing depends on who is quicker to come back.
// X is not a whole number of the other's rounds at any speedup that is tried: else both would come at the same moment,
// and who is first would be chance.
// Variant "spin": it spins, so that the kernel sees no hand-over.
#include "truth.h"

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t served = PTHREAD_COND_INITIALIZER;
static long drawn, serving;
static int spins;

static void enter(void) {
  if (spins) {
    long ticket = __atomic_fetch_add(&drawn, 1, __ATOMIC_ACQ_REL);
    while (__atomic_load_n(&serving, __ATOMIC_ACQUIRE) != ticket) {
      __builtin_ia32_pause();
    }
    return;
  }
  pthread_mutex_lock(&mutex);
  long ticket = drawn++;
  while (serving != ticket) {
    pthread_cond_wait(&served, &mutex);
  }
  pthread_mutex_unlock(&mutex);
}

static void leave(void) {
  if (spins) {
    __atomic_fetch_add(&serving, 1, __ATOMIC_ACQ_REL);
    return;
  }
  pthread_mutex_lock(&mutex);
  serving++;
  pthread_cond_broadcast(&served);
  pthread_mutex_unlock(&mutex);
}

static void *intruder(void *nothing) {
  keep_on_cpu(1);
  for (;;) {
    hot(scaled(24.8));
    enter();
    cold(units(12));
    leave();
  }
  return nothing;
}

int main(int argc, char **argv) {
  truth_begin(argc, argv);
  spins = is_variant("spin");
  thread(intruder, NULL);
  keep_on_cpu(0);
  while (!is_over()) {
    cold(units(1));
    enter();
    cold(units(1));
    leave();
    step();
  }
  truth_end();
}
