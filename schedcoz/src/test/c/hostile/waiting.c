// Threads that work a little and then wait in every way there is (waits.h of the runtime's own tests): each wait must
// take its time and give its answer, never EINTR.
#include "hostile.h"
#define now_nanos waits_now_nanos
static void confine_failed(const char *what) { must(0, what); }
#include "waits.h"
#undef now_nanos

static void (*const waits[])(void) = {wait_sleep,  wait_deadline, wait_poll,    wait_select, wait_epoll,
                                      wait_futex,  wait_signal,   wait_semaphore, wait_receive, wait_accept,
                                      wait_pipe,   wait_epoll_forever, wait_message, wait_inotify};
enum { WAITS = sizeof waits / sizeof *waits };

static void *waiter(void *which) {
  for (;;) {
    // Debts are collected while it works; what is left of them must not reach the wait.
    do_cold();
    waits[(long)which]();
    step();
  }
  return NULL;
}

int main(int argc, char **argv) {
  hostile_begin(argc, argv);
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGUSR2);
  sigprocmask(SIG_BLOCK, &set, NULL);
  for (long i = 0; i < WAITS; i++) {
    thread(waiter, (void *)i);
  }
  // who waits gets the signals of the spoilt variant, not this thread, which the kernel asks first
  sigaddset(&set, SIGALRM);
  pthread_sigmask(SIG_BLOCK, &set, NULL);
  while (!is_over()) {
    do_hot();
  }
  hostile_end();
}
