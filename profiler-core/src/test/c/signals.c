// Counts signals, sent and received. signals SECONDS. Prints: numbered RT signals sent, received, out of order;
// one-shot alarms set, received; interruptions asked for, EINTRs, EINTRs without a handler's run.
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static volatile int done;
static volatile long received, disorder, alarms, handled, interrupted, spurious, lost;
static long sent, set, asked;
static pthread_t counter, waiter;
static volatile int waiter_id;
static int last_call;  // an eventfd: a timeout that each stop begins anew may never come

static double seconds_now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + t.tv_nsec / 1e9;
}

static void numbered(int n, siginfo_t *i, void *c) {
  if (i->si_value.sival_int != received) disorder++;
  received++;
}
static void ring(int n) { alarms++; }
static void interrupt(int n) { handled++; }

// Takes the numbered signals while it computes and sleeps.
static void *count(void *unused) {
  sigset_t s;
  sigemptyset(&s);
  sigaddset(&s, SIGRTMIN);
  pthread_sigmask(SIG_UNBLOCK, &s, NULL);
  volatile unsigned long x = 0;
  while (!done) {
    for (int i = 0; i < 100000; i++) x++;
    struct timespec t = {0, 500000};
    nanosleep(&t, NULL);
  }
  return NULL;
}

// Waits in a call that a signal must interrupt.
static void *wait_for_signal(void *unused) {
  sigset_t s;
  sigemptyset(&s);
  sigaddset(&s, SIGUSR1);
  pthread_sigmask(SIG_UNBLOCK, &s, NULL);
  int fd = epoll_create1(0);
  struct epoll_event e = {.events = EPOLLIN};
  epoll_ctl(fd, EPOLL_CTL_ADD, last_call, &e);
  waiter_id = syscall(SYS_gettid);
  while (!done) {
    long before = handled;
    int r = epoll_wait(fd, &e, 1, 5000);
    if (r < 0 && errno == EINTR) {
      interrupted++;
      if (handled == before) spurious++;
    }
  }
  return NULL;
}

// Whether the waiter is in its call: a signal between two calls rightly interrupts none.
static int waits(void) {
  char path[64], call[64] = "";
  snprintf(path, sizeof path, "/proc/self/task/%d/syscall", waiter_id);
  FILE *f = fopen(path, "r");
  if (!f) return 0;
  int found = fgets(call, sizeof call, f) && atoi(call) == SYS_epoll_wait;
  fclose(f);
  return found;
}

static void *ask(void *unused) {
  while (!done) {
    usleep(1500);
    if (!waiter_id || !waits()) continue;
    asked++;
    pthread_kill(waiter, SIGUSR1);
    for (double end = seconds_now() + 4; interrupted < asked && seconds_now() < end;) usleep(50);
    if (interrupted < asked) {  // the call has swallowed it
      lost++;
      interrupted++;
    }
  }
  return NULL;
}

static void *alarm_clock(void *unused) {
  sigset_t none;
  sigfillset(&none);
  sigdelset(&none, SIGALRM);
  while (!done) {
    long before = alarms;
    struct itimerval t = {{0, 0}, {0, 1000}};
    set++;
    setitimer(ITIMER_REAL, &t, NULL);
    while (alarms == before) sigsuspend(&none);
  }
  return NULL;
}

int main(int argc, char **argv) {
  struct sigaction a = {.sa_sigaction = numbered, .sa_flags = SA_SIGINFO | SA_RESTART};
  sigaction(SIGRTMIN, &a, NULL);
  struct sigaction r = {.sa_handler = ring};
  sigaction(SIGALRM, &r, NULL);
  struct sigaction u = {.sa_handler = interrupt};
  sigaction(SIGUSR1, &u, NULL);
  sigset_t s;
  sigemptyset(&s);
  sigaddset(&s, SIGRTMIN);
  sigaddset(&s, SIGALRM);
  sigaddset(&s, SIGUSR1);
  pthread_sigmask(SIG_BLOCK, &s, NULL);
  last_call = eventfd(0, 0);
  pthread_t t, asker;
  pthread_create(&counter, NULL, count, NULL);
  pthread_create(&waiter, NULL, wait_for_signal, NULL);
  pthread_create(&asker, NULL, ask, NULL);
  pthread_create(&t, NULL, alarm_clock, NULL);
  printf("ready\n");
  fflush(stdout);
  struct timespec begin, now;
  clock_gettime(CLOCK_MONOTONIC, &begin);
  double seconds = atof(argv[1]);
  do {
    for (int i = 0; i < 5; i++) {
      union sigval v = {.sival_int = (int)sent};
      if (sigqueue(getpid(), SIGRTMIN, v) == 0) sent++;
    }
    usleep(1000);
    clock_gettime(CLOCK_MONOTONIC, &now);
  } while (now.tv_sec - begin.tv_sec + (now.tv_nsec - begin.tv_nsec) / 1e9 < seconds);
  done = 1;
  pthread_join(asker, NULL);
  if (write(last_call, &(uint64_t){1}, 8) != 8) return 1;
  pthread_join(waiter, NULL);
  pthread_join(t, NULL);
  for (int i = 0; i < 2000 && received < sent; i++) usleep(1000);
  printf("numbered %ld %ld %ld\nalarms %ld %ld\ninterruptions %ld %ld %ld %ld\n", sent, received, disorder, set, alarms,
         asked, handled, lost, spurious);
  return 0;
}
