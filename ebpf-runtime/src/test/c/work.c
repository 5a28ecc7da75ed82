// work REPORT CONFINEMENT THREADS ROLE...: threads that know what must come out, for ever. The roles
// are dealt out in turn. Results, EINTRs and rounds stand in the report (report.h).
#define _GNU_SOURCE
#include "report.h"
#include "confine.h"
#include "registers.h"
#include "waits.h"

static void role_general(void) { check_general("general registers"); }
static void role_avx(void) { check_avx("ymm registers"); }
static void role_avx512(void) {
  if (__builtin_cpu_supports("avx512f")) {
    check_avx512("zmm31");
  } else {
    check_avx("ymm registers");
  }
}
static void role_floating(void) { check_floating("floating point"); }

// Signals at 1 kHz for this thread alone; the handler itself computes, and so does what it interrupts.
static __thread int handled;
static void handler(int signal) {
  handled = signal;
  check_general("general registers in a handler");
}

static void role_handler(void) {
  static __thread timer_t timer;
  static __thread int started;
  if (!started) {
    started = 1;
    struct sigevent to = {.sigev_notify = SIGEV_THREAD_ID, .sigev_signo = SIGALRM};
#ifndef sigev_notify_thread_id
#define sigev_notify_thread_id _sigev_un._tid
#endif
    to.sigev_notify_thread_id = (int)syscall(SYS_gettid);
    struct itimerspec each = {{0, 1000000}, {0, 1000000}};
    if (timer_create(CLOCK_MONOTONIC, &to, &timer) || timer_settime(timer, 0, &each, NULL)) {
      confine_failed("timer");
    }
  }
  check_avx("ymm registers under signals");
  check_general("general registers under signals");
}

static void *brief(void *argument) {
  check_general("a brief thread");
  return (char *)argument + 42;
}

static void role_creator(void) {
  pthread_t thread;
  void *result = NULL;
  static char base[64];
  pthread_attr_t small;
  pthread_attr_init(&small);
  pthread_attr_setstacksize(&small, 128 << 10);
  errno = pthread_create(&thread, &small, brief, base);
  if (errno == 0) {
    errno = pthread_join(thread, &result);
  }
  pthread_attr_destroy(&small);
  if (errno || result != base + 42) {
    report_wrong("brief thread", errno ? errno : (char *)result - base, 42);
  }
}

// System calls without end, whose answers are known.
static void role_calls(void) {
  for (int i = 0; i < 200; i++) {
    long pid = syscall(SYS_getpid);
    long bad = syscall(SYS_close, -1);
    if (bad != -1 || errno != EBADF) {
      report_wrong("close(-1)", errno, EBADF);
    }
    if (pid != getpid()) {
      report_wrong("getpid", pid, getpid());
    }
  }
}

// Under strict seccomp only read, write and exit are left: it computes and never calls.
static void role_silent(void) { check_general("general registers, no call"); }

static void role_yield(void) {
  sched_yield();
  role_general();
}

static const struct {
  const char *name;
  void (*round)(void);
} roles[] = {
    {"general", role_general}, {"avx", role_avx},           {"avx512", role_avx512},     {"floating", role_floating},
    {"handler", role_handler}, {"creator", role_creator},   {"calls", role_calls},       {"silent", role_silent},
    {"yield", role_yield},     {"sleep", wait_sleep},       {"deadline", wait_deadline}, {"poll", wait_poll},
    {"select", wait_select},   {"epoll", wait_epoll},       {"futex", wait_futex},       {"signal", wait_signal},
    {"sem", wait_semaphore},   {"recv", wait_receive},      {"accept", wait_accept},     {"pipe", wait_pipe},
    {"forever", wait_epoll_forever}, {"message", wait_message}, {"ppoll", wait_inotify},
};

static struct {
  void (*round)(void);
  int number;
} jobs[REPORT_THREADS];

static void *job(void *which) {
  int i = (int)(long)which;
  for (;;) {
    jobs[i].round();
    report_round(jobs[i].number);
  }
  return NULL;
}

static void (*role_named(const char *name))(void) {
  for (unsigned r = 0; r < sizeof roles / sizeof *roles; r++) {
    if (!strcmp(roles[r].name, name)) {
      return roles[r].round;
    }
  }
  fprintf(stderr, "no such role: %s\n", name);
  exit(2);
}

int main(int argc, char **argv) {
  if (argc < 5) {
    fprintf(stderr, "usage: work REPORT CONFINEMENT THREADS ROLE...\n");
    return 2;
  }
  report_open(argv[1]);
  int threads = atoi(argv[3]);
  struct sigaction action = {.sa_handler = handler, .sa_flags = SA_RESTART};
  sigaction(SIGALRM, &action, NULL);
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGUSR2);
  sigprocmask(SIG_BLOCK, &set, NULL);
  int early = !strcmp(argv[2], "nobody"); // setuid(2) of the C library interrupts every thread
  if (early) {
    confine(argv[2]);
  }
  pthread_attr_t small;
  pthread_attr_init(&small);
  pthread_attr_setstacksize(&small, 128 << 10);
  for (int i = 0; i < threads; i++) {
    jobs[i].round = role_named(argv[4 + i % (argc - 4)]);
    jobs[i].number = i;
    pthread_t thread;
    if (i > 0 && pthread_create(&thread, &small, job, (void *)(long)i)) {
      confine_failed("thread");
    }
  }
  report->threads = (uint64_t)threads;
  for (int i = 1; i < threads; i++) {
    while (report->rounds[i] == 0) {
      usleep(100); // a thread that begins makes calls that a filter would not let pass
    }
  }
  if (!early) {
    confine(argv[2]);
  }
  report->ready = 1;
  job((void *)0L);
}
