// Requests that overlap. begins() and ends() get a pointer to the request, and its number. Obeys lines:
//   N    2 N requests on two threads, always two of a thread open at a time, the later one ended first; and N/10 ends of
//        requests that were never begun
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <time.h>

struct request {
  long unused[2];
  int number;  // at 16
};

__attribute__((noinline)) void begins(struct request *r, long number) { asm volatile("" ::"r"(r), "r"(number)); }

__attribute__((noinline)) void ends(struct request *r, long number) { asm volatile("" ::"r"(r), "r"(number)); }

static long count;

static void *client(void *first) {
  for (long i = 0; i < count; i += 2) {
    // memory for a request is used again and again, as servers do
    struct request a = {{0}, (int)(-1 - i)}, b = {{0}, (int)(-2 - i)};
    long number = (long)first + i;
    begins(&a, number);
    begins(&b, number + 1);
    ends(&b, number + 1);
    ends(&a, number);
    if (i % 20 == 0) {
      struct request never = {{0}, (int)(1 + i)};
      ends(&never, number + 500000000);
      ends(&never, number + 500000000);
    }
  }
  return 0;
}

int main(void) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  printf("ready\n");
  fflush(stdout);
  char line[64];
  while (fgets(line, sizeof line, stdin)) {
    count = atol(line);
    pthread_t threads[2];
    for (long i = 0; i < 2; i++) pthread_create(&threads[i], 0, client, (void *)(i * 1000000000L));
    for (int i = 0; i < 2; i++) pthread_join(threads[i], 0);
    printf("done\n");
    fflush(stdout);
  }
}
