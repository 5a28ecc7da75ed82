// Threads with alternate signal stacks, as small as the kernel allows plus a little, in one arena from malloc with guards
// between them. They get signals of their own, whose handlers must run there, and be interrupted there.
#include "hostile.h"
#include <sys/auxv.h>
#ifndef AT_MINSIGSTKSZ
#define AT_MINSIGSTKSZ 51
#endif

enum { THREADS = 4, GUARD = 8192 };
static struct arena stacks;
static __thread int number;
static long handled[THREADS], sent[THREADS];
static int ready;

static void handler(int signal) {
  volatile unsigned char here = (unsigned char)signal;
  unsigned char *at = (unsigned char *)&here;
  unsigned char *room = room_at(&stacks, number);
  if (at < room || at >= room + stacks.room) {
    report_wrong("a handler that does not run on its alternate stack", number, -1);
  }
  do_cold();
  __atomic_fetch_add(&handled[number], 1, __ATOMIC_SEQ_CST);
}

static void *body(void *which) {
  number = (int)(long)which;
  stack_t own = {.ss_sp = room_at(&stacks, number), .ss_size = stacks.room};
  must(sigaltstack(&own, NULL) == 0, "sigaltstack");
  __atomic_fetch_add(&ready, 1, __ATOMIC_SEQ_CST);
  for (;;) {
    do_cold();
    stack_t now;
    sigaltstack(NULL, &now);
    if (now.ss_sp != own.ss_sp || now.ss_size != own.ss_size) {
      report_wrong("the alternate stack of thread", number, -1);
    }
    check_arena(&stacks, "a guard between alternate stacks");
  }
  return NULL;
}

int main(int argc, char **argv) {
  hostile_begin(argc, argv);
  size_t least = getauxval(AT_MINSIGSTKSZ);
  if (least == 0) {
    least = 4096;
  }
  // Two frames: its own handler, and whatever interrupts that.
  stacks = arena_of(THREADS, (2 * least + 4096 + 4095) / 4096 * 4096, GUARD);
  struct sigaction action = {.sa_handler = handler, .sa_flags = SA_ONSTACK | SA_RESTART};
  sigaction(SIGUSR1, &action, NULL);
  pthread_t t[THREADS];
  for (long i = 0; i < THREADS; i++) {
    t[i] = thread(body, (void *)i);
  }
  while (__atomic_load_n(&ready, __ATOMIC_SEQ_CST) < THREADS) {
    sched_yield();
  }
  while (!is_over()) {
    do_hot();
    for (int i = 0; i < THREADS; i++) {
      if (__atomic_load_n(&handled[i], __ATOMIC_SEQ_CST) == sent[i]) {
        sent[i]++;
        pthread_kill(t[i], SIGUSR1);
        step();
      }
    }
  }
  hostile_end();
}
