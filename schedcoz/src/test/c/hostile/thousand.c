// 1,000 threads, most of them asleep, all of them awake every now and then; every one of them gets on.
#include "hostile.h"

enum { THREADS = 1000 };
static long rounds[THREADS];

static void *sleeper(void *number) {
  long me = (long)number;
  for (;;) {
    struct timespec t = {0, 50000000 + me * 10000};
    if (nanosleep(&t, NULL) != 0) {
      errno == EINTR ? report_eintr("nanosleep") : report_wrong("nanosleep", errno, 0);
    }
    uint64_t seen = cold(units(0.2));
    if (seen != cold(units(0.2))) {
      report_wrong("work of a sleeper", me, me);
    }
    __atomic_fetch_add(&rounds[me], 1, __ATOMIC_RELAXED);
  }
  return NULL;
}

int main(int argc, char **argv) {
  hostile_begin(argc, argv);
  pthread_attr_t small;
  pthread_attr_init(&small);
  pthread_attr_setstacksize(&small, 64 << 10);
  for (long i = 0; i < THREADS; i++) {
    pthread_t t;
    errno = pthread_create(&t, &small, sleeper, (void *)i);
    must(errno == 0, "pthread_create");
  }
  while (!is_over()) {
    do_hot();
    step();
  }
  long seen[THREADS];
  memcpy(seen, rounds, sizeof seen);
  long patience = now_nanos() + 20000000000L;
  for (int i = 0; i < THREADS; i++) {
    while (__atomic_load_n(&rounds[i], __ATOMIC_RELAXED) == seen[i] && now_nanos() < patience) {
      sleep_nanos(1000000);
    }
    if (rounds[i] == seen[i]) {
      report_wrong("a thread that does not get on", i, i);
    }
  }
  hostile_end();
}
