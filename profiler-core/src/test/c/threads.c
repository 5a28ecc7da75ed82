// Two threads that compute for ever, and one that makes short-lived ones without pause.
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

static volatile unsigned long sink;

static void *compute(void *unused) {
  for (;;) sink++;
  return NULL;
}

static void *brief(void *unused) {
  for (int i = 0; i < 200000; i++) sink++;
  return NULL;
}

int main(int argc, char **argv) {
  pthread_t t;
  pthread_create(&t, NULL, compute, NULL);
  pthread_create(&t, NULL, compute, NULL);
  alarm(120);
  if (argc > 1) pause();
  for (;;) {
    pthread_create(&t, NULL, brief, NULL);
    usleep(500);
    pthread_join(t, NULL);
  }
}
