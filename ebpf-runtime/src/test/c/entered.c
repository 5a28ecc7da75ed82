// A program that is entered: its threads compute with integer, x87, SSE and AVX registers in tight loops, wait in
// system calls, and handle signals. Whatever goes wrong ends it with a line that begins with WRONG.
//
//   entered COMPUTING SLEEPING WAITING SIGNALLED
//
// numbers of threads of each kind; prints "ready" when all have begun.
#define _GNU_SOURCE
#include <errno.h>
#include <immintrin.h>
#include <linux/futex.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static void wrong(const char *what, long value) {
  char line[200];
  int n = snprintf(line, sizeof line, "WRONG %s %ld\n", what, value);
  if (write(1, line, n) < 0) abort();
  abort();
}

struct result {
  uint64_t a, b, c, d, e, f;
  double sse;
  long double x87;
  double wide[8];
};

#define ROUNDS 20000

#define COMPUTE(NAME, TARGET, VECTOR, LANES)                               \
  __attribute__((target(TARGET), noinline)) static void NAME(struct result *r) { \
    uint64_t a = 1, b = 2, c = 3, d = 4, e = 5, f = 6;                     \
    double s = 0;                                                          \
    long double x = 0;                                                     \
    VECTOR v = {0}, step = {0};                                            \
    for (int i = 0; i < LANES; i++) step[i] = 1.0 / (i + 3);               \
    for (int i = 0; i < ROUNDS; i++) {                                     \
      a = a * 6364136223846793005ull + 1;                                  \
      b ^= a;                                                              \
      c += b >> 3;                                                         \
      d = (d << 7 | d >> 57) + c;                                          \
      e -= d;                                                              \
      f ^= e * 3;                                                          \
      s += 1.0 / (i + 1);                                                  \
      x += 1.0L / (i + 1);                                                 \
      v = v * step + step;                                                 \
      asm volatile("" : "+x"(v));                                          \
    }                                                                      \
    *r = (struct result){a, b, c, d, e, f, s, x, {0}};                     \
    for (int i = 0; i < LANES; i++) r->wide[i] = v[i];                     \
  }

typedef double v2 __attribute__((vector_size(16)));
typedef double v4 __attribute__((vector_size(32)));
typedef double v8 __attribute__((vector_size(64)));
COMPUTE(compute_sse, "sse2", v2, 2)
COMPUTE(compute_avx, "avx", v4, 4)
COMPUTE(compute_avx512, "avx512f", v8, 8)

static int begun;

// A thread begins with all signals blocked: until then its mask is not what it will be.
static void begin(void) { __atomic_add_fetch(&begun, 1, __ATOMIC_SEQ_CST); }

static void *computing(void *unused) {
  begin();
  void (*f)(struct result *) = __builtin_cpu_supports("avx512f") ? compute_avx512
                               : __builtin_cpu_supports("avx")   ? compute_avx
                                                                 : compute_sse;
  struct result first, now;
  memset(&first, 0, sizeof first);
  f(&first);
  for (long round = 0;; round++) {
    memset(&now, 0, sizeof now);
    f(&now);
    if (memcmp(&first, &now, 6 * sizeof(uint64_t) + sizeof(double)) || first.x87 != now.x87 ||
        memcmp(first.wide, now.wide, sizeof now.wide))
      wrong("result in round", round);
  }
  return unused;
}

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + t.tv_nsec / 1e9;
}

static void *sleeping(void *unused) {
  begin();
  for (;;) {
    double begin = now();
    struct timespec t = {0, 20000000};
    if (nanosleep(&t, NULL)) wrong("nanosleep", errno);
    if (now() - begin < 0.0199) wrong("sleep too short by us", (long)((0.02 - now() + begin) * 1e6));
  }
  return unused;
}

static void *waiting(void *number) {
  begin();
  int epoll = epoll_create1(EPOLL_CLOEXEC), word = 0;
  struct epoll_event event;
  struct timespec t = {0, 15000000};
  for (;;) {
    if ((long)number % 2) {
      // EINTR is the kernel's answer to a stop here: only a controller that was killed may leave it
      if (epoll_wait(epoll, &event, 1, 15) < 0 && !(errno == EINTR && getenv("EINTR_ALLOWED")))
        wrong("epoll_wait", errno);
    } else if (syscall(SYS_futex, &word, FUTEX_WAIT, 0, &t, NULL, 0) == 0 || errno != ETIMEDOUT) {
      wrong("futex", errno);
    }
  }
  return number;
}

static volatile uint64_t handled;

static void handler(int signal) {
  uint64_t x = 1;
  for (int i = 0; i < 200; i++) x = x * 6364136223846793005ull + signal;
  handled += x & 1;
}

static void *signalled(void *unused) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGUSR1);
  pthread_sigmask(SIG_UNBLOCK, &set, NULL);
  return computing(unused);
}

static void start(const char *count, void *(*body)(void *)) {
  for (long i = 0; i < atol(count); i++) {
    pthread_t t;
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, 64 << 10);
    if (pthread_create(&t, &attributes, body, (void *)i)) wrong("pthread_create", i);
  }
}

int main(int argc, char **argv) {
  if (argc < 5) return 2;
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGUSR1);
  pthread_sigmask(SIG_BLOCK, &set, NULL);
  struct sigaction action = {.sa_handler = handler, .sa_flags = SA_RESTART};
  sigaction(SIGUSR1, &action, NULL);
  start(argv[1], computing);
  start(argv[2], sleeping);
  start(argv[3], waiting);
  start(argv[4], signalled);
  int all = atoi(argv[1]) + atoi(argv[2]) + atoi(argv[3]) + atoi(argv[4]);
  while (__atomic_load_n(&begun, __ATOMIC_SEQ_CST) < all) usleep(100);
  if (write(1, "ready\n", 6) != 6) return 3;
  // the main thread makes system calls without a pause, and sends the signals
  for (long i = 0;; i++) {
    if (syscall(SYS_getppid) < 0) wrong("getppid", errno);
    if (atol(argv[4]) && i % 1000 == 0) kill(getpid(), SIGUSR1);
    if (atol(argv[1]) == 0 || i % 1000 == 0) {
      struct timespec t = {0, 100000};
      nanosleep(&t, NULL);
    }
  }
}
