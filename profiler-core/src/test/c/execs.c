// Executes itself N times, by a thread that is not the first, while others run: execs N. Prints "done" at the end.
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static char **arguments;

static void *spin(void *unused) {
  for (volatile long i = 0;; i++) {
  }
}

static void *execute(void *unused) {
  char left[16];
  snprintf(left, sizeof left, "%ld", atol(arguments[1]) - 1);
  usleep(1000);
  execl(arguments[0], arguments[0], left, NULL);
  perror("exec");
  _exit(1);
}

int main(int argc, char **argv) {
  alarm(20);
  if (atol(argv[1]) == 0) {
    printf("done\n");
    return 0;
  }
  arguments = argv;
  pthread_t t;
  pthread_create(&t, NULL, spin, NULL);
  pthread_create(&t, NULL, execute, NULL);
  if (atol(argv[1]) % 2) pthread_exit(NULL);  // the leader ends before its threads
  pause();
}
