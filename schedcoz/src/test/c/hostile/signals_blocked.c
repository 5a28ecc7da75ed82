// Three threads that no signal may reach: one takes all signals by signalfd, one by sigwait, one blocks all and computes.
// Each takes only what the program itself sends.
#include "hostile.h"
#include <poll.h>
#include <sys/signalfd.h>

static pthread_t by_signalfd, by_sigwait;
static long sent, taken;

static void *signalfd_thread(void *nothing) {
  sigset_t all;
  sigfillset(&all);
  int fd = signalfd(-1, &all, SFD_CLOEXEC | SFD_NONBLOCK);
  must(fd >= 0, "signalfd");
  for (;;) {
    do_cold();
    struct pollfd p = {fd, POLLIN, 0};
    if (poll(&p, 1, 1) < 0) {
      errno == EINTR ? report_eintr("poll") : report_wrong("poll", errno, 0);
    }
    struct signalfd_siginfo s;
    while (read(fd, &s, sizeof s) == (ssize_t)sizeof s) {
      if (s.ssi_signo != SIGUSR1 || s.ssi_pid != (uint32_t)getpid()) {
        report_wrong("a signal in signalfd that nobody sent", (long)s.ssi_signo, SIGUSR1);
      }
      __atomic_fetch_add(&taken, 1, __ATOMIC_SEQ_CST);
    }
  }
  return nothing;
}

static void *sigwait_thread(void *nothing) {
  sigset_t all;
  sigfillset(&all);
  for (;;) {
    do_cold();
    siginfo_t s;
    struct timespec brief = {0, 1000000};
    int signal = sigtimedwait(&all, &s, &brief);
    if (signal < 0) {
      if (errno == EINTR) {
        report_eintr("sigtimedwait");
      } else if (errno != EAGAIN) {
        report_wrong("sigtimedwait", errno, EAGAIN);
      }
    } else if (signal != SIGUSR2 || s.si_pid != getpid()) {
      report_wrong("a signal in sigwait that nobody sent", signal, SIGUSR2);
    } else {
      __atomic_fetch_add(&taken, 1, __ATOMIC_SEQ_CST);
    }
  }
  return nothing;
}

static void *deaf_thread(void *nothing) {
  for (;;) {
    do_cold();
    sigset_t pending;
    sigpending(&pending);
    for (int signal = 1; signal <= SIGRTMAX; signal++) {
      if (sigismember(&pending, signal) == 1) {
        report_wrong("pending in a thread that blocks all", signal, 0);
      }
    }
    sched_yield();
  }
  return nothing;
}

int main(int argc, char **argv) {
  hostile_begin(argc, argv);
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  by_signalfd = thread(signalfd_thread, NULL);
  by_sigwait = thread(sigwait_thread, NULL);
  thread(deaf_thread, NULL);
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  while (!is_over()) {
    do_hot();
    // One of a kind at a time: ordinary signals do not queue.
    if (__atomic_load_n(&taken, __ATOMIC_SEQ_CST) == sent) {
      sent += 2;
      pthread_kill(by_signalfd, SIGUSR1);
      pthread_kill(by_sigwait, SIGUSR2);
      step();
    }
  }
  for (long patience = now_nanos() + 10000000000L; taken != sent && now_nanos() < patience;) {
    sleep_nanos(1000000);
  }
  if (taken != sent) {
    report_wrong("own signals taken", taken, sent);
  }
  hostile_end();
}
