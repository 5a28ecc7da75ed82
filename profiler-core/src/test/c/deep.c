/* Stacks of every kind, without end: recursion, callbacks of the C library, frames of unknown size,
   realigned frames, signal handlers on this stack and on another one, a second thread. */
#define _GNU_SOURCE
#include <alloca.h>
#include <pthread.h>
#include <search.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>

volatile unsigned long sink;
#define NOINLINE __attribute__((noinline))

NOINLINE void burn(int n) {
  for (int i = 0; i < n; i++) sink += i * 2654435761UL;
}

NOINLINE int compare(const void *a, const void *b) {
  burn(20);
  int x = *(const int *)a, y = *(const int *)b;
  return x < y ? -1 : x > y;
}

NOINLINE void sorts(int n) {
  int *v = malloc(n * sizeof *v);
  for (int i = 0; i < n; i++) v[i] = rand();
  qsort(v, n, sizeof *v, compare);
  free(v);
}

NOINLINE int unknown_size(int n) {
  char *room = alloca(64 + n % 5000);
  memset(room, n, 64 + n % 5000);
  burn(500);
  return room[n % 64];
}

NOINLINE int realigned(int n) {
  int v[64] __attribute__((aligned(128)));
  for (int i = 0; i < 64; i++) v[i] = n * i;
  burn(300);
  sink += unknown_size(v[n % 64] & 0xfff);
  return v[(n + 1) % 64];
}

NOINLINE long recurse(int depth) {
  if (depth == 0) {
    sorts(200);
    return realigned(rand());
  }
  long r = recurse(depth - 1) * 3;
  burn(10);
  return r + 1;
}


NOINLINE void prints(void) {
  char text[256];
  for (int i = 0; i < 200; i++) {
    snprintf(text, sizeof text, "%d %s %.17g %p", i, "text", i / 7.0, (void *)text);
    sink += strlen(text) + strtol(text, NULL, 10);
  }
}

NOINLINE void allocates(void) {
  void *p[100];
  for (int i = 0; i < 100; i++) p[i] = malloc(16 << (i % 9));
  for (int i = 0; i < 100; i++) p[i] = realloc(p[i], 100 + i);
  for (int i = 0; i < 100; i++) free(p[i]);
}

NOINLINE void handler(int signal) {
  burn(20000);
  (void)signal;
}

void *second(void *unused) {
  while (1) {
    recurse(5);
    prints();
    struct timespec t = {0, 100000};
    nanosleep(&t, NULL);
  }
  return unused;
}

int main(void) {
  stack_t other = {.ss_sp = malloc(1 << 16), .ss_size = 1 << 16};
  sigaltstack(&other, NULL);
  struct sigaction a = {.sa_handler = handler, .sa_flags = SA_RESTART};
  sigaction(SIGALRM, &a, NULL);
  a.sa_flags |= SA_ONSTACK;
  sigaction(SIGPROF, &a, NULL);
  struct itimerval often = {{0, 700}, {0, 700}};
  setitimer(ITIMER_REAL, &often, NULL);
  struct itimerval seldom = {{0, 25000}, {0, 25000}};
  setitimer(ITIMER_PROF, &seldom, NULL);
  pthread_t t;
  pthread_create(&t, NULL, second, NULL);
  while (1) {
    recurse(rand() % 40);
    prints();
    allocates();
  }
}
