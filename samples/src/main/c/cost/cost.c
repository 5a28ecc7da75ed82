// What "whatif benchmark causal-cost" measures the price of. It obeys its standard input: each line is a number of
// rounds, and the answer a line with the CPU time that all its threads have spent on them, in nanoseconds.
//   cost pipe|futex|tcp CPU      two threads wake each other; a round is two wakes and two switches
//   cost spin CPU                a round is some 10 us of arithmetic
//   cost nop|entry|call|rename CPU   a round visits a place: a nop; a function; a system call; a tracepoint
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static void must(int fine, const char *what) {
  if (fine) return;
  perror(what);
  _exit(1);
}

static long cpu_nanos(void) {
  struct timespec t;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return t.tv_sec * 1000000000L + t.tv_nsec;
}

static int in[2], out[2];  // of ping and of pong

static void answer(int pong) {
  char byte = 1;
  must(read(in[pong], &byte, 1) == 1, "read");
}

static void ask(int pong) {
  char byte = 1;
  must(write(out[pong], &byte, 1) == 1, "write");
}

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int turn = 1;
static int by_futex;

static void take_turn(int pong) {
  pthread_mutex_lock(&lock);
  while (turn != pong) pthread_cond_wait(&changed, &lock);
  pthread_mutex_unlock(&lock);
}

static void give_turn(int pong) {
  pthread_mutex_lock(&lock);
  turn = !pong;
  pthread_cond_signal(&changed);
  pthread_mutex_unlock(&lock);
}

static void round_trip(void) {
  if (by_futex) {
    give_turn(0);
    take_turn(0);
  } else {
    ask(0);
    answer(0);
  }
}

static void *pong(void *nothing) {
  for (;;) {
    if (by_futex) {
      take_turn(1);
      give_turn(1);
    } else {
      answer(1);
      ask(1);
    }
  }
  return nothing;
}

static void connect_both(void) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t size = sizeof address;
  int listening = socket(AF_INET, SOCK_STREAM, 0), one = 1;
  in[0] = socket(AF_INET, SOCK_STREAM, 0);
  must(!bind(listening, (void *)&address, size) && !listen(listening, 1), "listen");
  must(!getsockname(listening, (void *)&address, &size), "getsockname");
  must(!connect(in[0], (void *)&address, size), "connect");
  in[1] = accept(listening, 0, 0);
  must(in[1] >= 0, "accept");
  for (int i = 0; i < 2; i++) setsockopt(in[i], IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  memcpy(out, in, sizeof out);
}

static volatile unsigned long sink;

static void spin(void) {
  unsigned long x = sink;
  for (int i = 0; i < 10000; i++) x = x * 6364136223846793005UL + 1442695040888963407UL;
  sink = x;
}

__attribute__((naked, noinline)) void visited_nop(void) { asm volatile("nop\n\tret"); }

// An instruction that the kernel cannot emulate: it steps over a copy of it.
__attribute__((naked, noinline)) void visited_entry(void) { asm volatile("lea 1(%rax), %rax\n\tret"); }

static void call(void) { syscall(SYS_getppid); }

static void rename_thread(void) { prctl(PR_SET_NAME, "cost"); }

int main(int argc, char **argv) {
  must(argc == 3, "usage: cost KIND CPU");
  cpu_set_t one;
  CPU_ZERO(&one);
  CPU_SET(atoi(argv[2]), &one);
  must(!sched_setaffinity(0, sizeof one, &one), "sched_setaffinity");
  const char *kind = argv[1];
  void (*play)(void) = round_trip;
  int pipes[2][2];
  pthread_t other;
  if (!strcmp(kind, "spin")) {
    play = spin;
  } else if (!strcmp(kind, "nop")) {
    play = visited_nop;
  } else if (!strcmp(kind, "entry")) {
    play = visited_entry;
  } else if (!strcmp(kind, "call")) {
    play = call;
  } else if (!strcmp(kind, "rename")) {
    play = rename_thread;
  } else if (!strcmp(kind, "pipe")) {
    must(!pipe(pipes[0]) && !pipe(pipes[1]), "pipe");
    in[0] = pipes[0][0], out[1] = pipes[0][1];
    in[1] = pipes[1][0], out[0] = pipes[1][1];
  } else if (!strcmp(kind, "tcp")) {
    connect_both();
  } else if (!strcmp(kind, "futex")) {
    by_futex = 1;
    turn = 0;
  } else {
    must(0, "kind");
  }
  if (play == round_trip) must(!pthread_create(&other, 0, pong, 0), "pthread_create");
  char line[64];
  while (fgets(line, sizeof line, stdin)) {
    long rounds = atol(line);
    long before = cpu_nanos();
    for (long i = 0; i < rounds; i++) play();
    printf("%ld\n", cpu_nanos() - before);
    fflush(stdout);
  }
}
