// Threads, a forked child, and another program executed in the same process; each computes 150 ms of CPU time.
#define _GNU_SOURCE
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static volatile unsigned long sink;

static long cpu_millis(void) {
  struct timespec t;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

#define WORK(name)                                        \
  __attribute__((noinline, noclone)) void name(void) {    \
    long end = cpu_millis() + 150;                        \
    while (cpu_millis() < end)                            \
      for (int i = 0; i < 100000; i++) sink += i;         \
  }
WORK(in_thread)
WORK(in_child)
WORK(after_exec)

static void *thread(void *number) {
  char name[16];
  snprintf(name, sizeof name, "worker-%ld", (long)number);
  pthread_setname_np(pthread_self(), name);
  in_thread();
  return NULL;
}

int main(int argc, char **argv) {
  if (argc > 1 && strcmp(argv[1], "again") == 0) {
    after_exec();
    return 0;
  }
  pthread_t threads[3];
  for (long i = 0; i < 3; i++) pthread_create(&threads[i], NULL, thread, (void *)i);
  for (int i = 0; i < 3; i++) pthread_join(threads[i], NULL);
  pid_t child = fork();
  if (child == 0) {
    in_child();
    _exit(0);
  }
  waitpid(child, NULL, 0);
  execl("/proc/self/exe", "family", "again", (char *)NULL);
  return 1;
}
