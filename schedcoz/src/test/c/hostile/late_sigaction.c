// Installs handlers of its own for every real-time signal, again and again, beginning late; sends itself each of them and
// counts: none may be missing, and none may come that nobody sent.
#include "hostile.h"

static long handled[65], sent[65];

static void handler(int signal, siginfo_t *info, void *context) {
  (void)context;
  if (info->si_code != SI_QUEUE || info->si_pid != getpid() || info->si_value.sival_int != signal) {
    report_wrong("a real-time signal that nobody sent", signal, info->si_value.sival_int);
    return;
  }
  __atomic_fetch_add(&handled[signal], 1, __ATOMIC_SEQ_CST);
}

static void *victim(void *nothing) {
  for (;;) {
    do_cold();
    sched_yield();
  }
  return nothing;
}

int main(int argc, char **argv) {
  hostile_begin(argc, argv);
  // The thread in the region takes none of them.
  sigset_t set;
  sigfillset(&set);
  pthread_sigmask(SIG_BLOCK, &set, NULL);
  thread(hot_for_ever, NULL);
  pthread_sigmask(SIG_UNBLOCK, &set, NULL);
  long late = now_nanos() + (end_nanos - now_nanos()) / 4;
  int installed = 0;
  while (!is_over()) {
    do_hot();
    do_cold();
    step();
    if (now_nanos() < late) {
      continue;
    }
    for (int signal = SIGRTMIN; signal <= SIGRTMAX; signal++) {
      struct sigaction action = {.sa_flags = SA_SIGINFO | SA_RESTART}, old;
      action.sa_sigaction = handler;
      must(sigaction(signal, &action, &old) == 0, "sigaction");
      if (installed && (!(old.sa_flags & SA_SIGINFO) || old.sa_sigaction != handler)) {
        report_wrong("somebody replaced the handler of", signal, signal);
      }
      sent[signal]++;
      must(sigqueue(getpid(), signal, (union sigval){.sival_int = signal}) == 0, "sigqueue");
    }
    if (!installed) {
      // It may be interrupted by all of them, too.
      thread(victim, NULL);
      installed = 1;
    }
  }
  for (int signal = SIGRTMIN; signal <= SIGRTMAX; signal++) {
    for (long patience = now_nanos() + 10000000000L; now_nanos() < patience;) {
      if (__atomic_load_n(&handled[signal], __ATOMIC_SEQ_CST) == sent[signal]) {
        break;
      }
      sleep_nanos(1000000);
    }
    if (handled[signal] != sent[signal]) {
      report_wrong("own real-time signals taken", handled[signal], sent[signal]);
    }
  }
  hostile_end();
}
