// What every ground-truth program has in common: its arguments, its work, its progress point and the line that it
// prints at its end. A program is one translation unit that includes this file.
//
//   --scale F    what is left of the cost of region X, 0 to 1 (1): the loop of X really shrinks
//   --seconds S  how long it runs (10)
//   --unit N     iterations of the loop that are one unit of work (100000, about 0.1 ms)
//   --pin 0|1    whether threads that are meant to run at once have a CPU each (1): a kernel that sees all CPUs busy with
//                something else wakes them on the same one, again and again, and the truth is another one then
//   --variant W  a word that some programs know
//
// At the end: "visits V seconds S", the visits of step() after the first one and the time from the first to the last
// one, so that neither the beginning nor the end counts.
#ifndef TRUTH_H
#define TRUTH_H
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#ifdef WITH_COZ
#include <coz.h>
#endif
#ifdef __cplusplus
#define PUBLIC extern "C" __attribute__((noinline, used, visibility("default")))
#else
#define PUBLIC __attribute__((noinline, used, visibility("default")))
#endif

// Integer work of n iterations that nothing can shorten. A macro, so that its instructions belong to the line and the
// function where it stands.
#define SPIN(n) for (long spin_ = (n); spin_ > 0; spin_--) { seed_ = seed_ * 6364136223846793005u + 1442695040888963407u; __asm__ volatile("" : "+r"(seed_)); }

// Shared by all processes of a program.
struct shared {
  long visits;
  long first_nanos;
  long last_nanos;
  long latency_nanos;
  long latencies;
};

static double scale = 1;
static long unit = 100000;
static const char *variant = "";
static int pins = 1;
static cpu_set_t allowed_cpus;
static long end_nanos;
static struct shared *shared;

static inline long now_nanos(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000000L + t.tv_nsec;
}

static inline void must(int done, const char *what) {
  if (!done) {
    perror(what);
    exit(2);
  }
}

static inline int is_over(void) { return now_nanos() >= end_nanos; }

static inline int is_variant(const char *word) { return strcmp(variant, word) == 0; }

// Iterations of that many units.
static inline long units(double n) { return (long)(n * (double)unit); }

// The same, of region X.
static inline long scaled(double n) { return (long)(n * scale * (double)unit); }

#ifndef OWN_REGION
// Region X.
PUBLIC uint64_t hot(long n) {
  uint64_t seed_ = (uint64_t)n;
  SPIN(n) // region
  return seed_;
}
#endif

// Work that stays as it is.
PUBLIC uint64_t cold(long n) {
  uint64_t seed_ = (uint64_t)n;
  SPIN(n)
  return seed_;
}

// The progress point.
PUBLIC void step(void) {
  long now = now_nanos();
  if (__atomic_fetch_add(&shared->visits, 1, __ATOMIC_RELAXED) == 0) {
    shared->first_nanos = now;
  }
  __atomic_store_n(&shared->last_nanos, now, __ATOMIC_RELAXED);
#ifdef WITH_COZ
  COZ_PROGRESS
#endif
}

static inline void truth_begin(int argc, char **argv) {
  double seconds = 10;
  for (int i = 1; i + 1 < argc; i += 2) {
    if (!strcmp(argv[i], "--scale")) {
      scale = atof(argv[i + 1]);
    } else if (!strcmp(argv[i], "--seconds")) {
      seconds = atof(argv[i + 1]);
    } else if (!strcmp(argv[i], "--unit")) {
      unit = atol(argv[i + 1]);
    } else if (!strcmp(argv[i], "--pin")) {
      pins = atoi(argv[i + 1]);
    } else if (!strcmp(argv[i], "--variant")) {
      variant = argv[i + 1];
    } else {
      fprintf(stderr, "%s: unknown option %s\n", argv[0], argv[i]);
      exit(2);
    }
  }
  if (argc % 2 == 0 || scale < 0 || scale > 1 || seconds <= 0 || unit <= 0) {
    fprintf(stderr, "usage: %s [--scale 0..1] [--seconds S] [--unit ITERATIONS] [--pin 0|1] [--variant WORD]\n", argv[0]);
    exit(2);
  }
  void *page = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  must(page != MAP_FAILED, "mmap");
  shared = (struct shared *)page;
  must(sched_getaffinity(0, sizeof allowed_cpus, &allowed_cpus) == 0, "sched_getaffinity");
  prctl(PR_SET_TIMERSLACK, 1);
  end_nanos = now_nanos() + (long)(seconds * 1e9);
}

// Prints what was done and ends the process with its other threads, whatever they wait for.
static inline void truth_end(void) {
  long visits = __atomic_load_n(&shared->visits, __ATOMIC_RELAXED) - 1;
  double seconds = (double)(shared->last_nanos - shared->first_nanos) / 1e9;
  if (visits < 1) {
    visits = 0;
    seconds = 0;
  }
  printf("visits %ld seconds %.6f\n", visits, seconds);
  if (shared->latencies > 0) {
    printf("latency %.1f us\n", (double)shared->latency_nanos / (double)shared->latencies / 1000);
  }
  fflush(stdout);
  _exit(0);
}

// One of the CPUs that the program may use.
static inline int cpu_of(int number, cpu_set_t *one) {
  int count = CPU_COUNT(&allowed_cpus);
  for (int cpu = 0; cpu < CPU_SETSIZE; cpu++) {
    if (CPU_ISSET(cpu, &allowed_cpus) && number-- % count == 0) {
      CPU_ZERO(one);
      CPU_SET(cpu, one);
      return 1;
    }
  }
  return 0;
}

static inline pthread_t thread(void *(*body)(void *), void *argument) {
  pthread_t t;
  errno = pthread_create(&t, NULL, body, argument);
  must(errno == 0, "pthread_create");
  return t;
}

// The same, on one of the CPUs that the program may use from its birth on: moving there itself it would have to wait for
// the CPU of whoever has made it, for as long as the kernel likes.
static inline pthread_t thread_on_cpu(int number, void *(*body)(void *), void *argument) {
  cpu_set_t one;
  if (!pins || !cpu_of(number, &one)) {
    return thread(body, argument);
  }
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setaffinity_np(&attributes, sizeof one, &one);
  pthread_t t;
  errno = pthread_create(&t, &attributes, body, argument);
  must(errno == 0, "pthread_create");
  pthread_attr_destroy(&attributes);
  return t;
}

// A child process that does not outlive this one.
static inline pid_t child(void (*body)(void)) {
  pid_t parent = getpid();
  pid_t pid = fork();
  must(pid >= 0, "fork");
  if (pid == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) {
      _exit(3);
    }
    body();
    _exit(0);
  }
  return pid;
}

// Keeps the calling thread, and what it starts from now on, on one of the CPUs that the program may use: the same number
// is the same CPU.
static inline void keep_on_cpu(int number) {
  cpu_set_t one;
  if (pins && cpu_of(number, &one)) {
    must(sched_setaffinity(0, sizeof one, &one) == 0, "sched_setaffinity");
  }
}

static inline void sleep_nanos(long nanos) {
  struct timespec t = {nanos / 1000000000L, nanos % 1000000000L};
  while (clock_nanosleep(CLOCK_MONOTONIC, 0, &t, &t) == EINTR) {
  }
}

static inline void sleep_until(long nanos) {
  struct timespec t = {nanos / 1000000000L, nanos % 1000000000L};
  while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL) == EINTR) {
  }
}
#endif
