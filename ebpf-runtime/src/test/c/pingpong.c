// Two that wake each other, and threads that only burn time; each says by the kernel's own count how often it waited.
//   pingpong pipe|futex|tcp ROUNDS      prints: done-ping WAITS, done-pong WAITS
//   pingpong burn THREADS MILLIS        prints: burn-N NANOS
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static long rounds;

static long waits(void) {
  struct rusage usage;
  getrusage(RUSAGE_THREAD, &usage);
  return usage.ru_nvcsw;
}

static void say(const char *name, long number) {
  char line[64];
  int length = snprintf(line, sizeof line, "%s %ld\n", name, number);
  if (write(1, line, length) != length) _exit(1);
}

// Between the two names nothing happens but the game.
static void played(int pong, void (*play)(int pong)) {
  prctl(PR_SET_NAME, pong ? "loop-pong" : "loop-ping");
  long before = waits();
  play(pong);
  long after = waits();
  const char *name = pong ? "done-pong" : "done-ping";
  prctl(PR_SET_NAME, name);
  say(name, after - before);
}

static int in[2], out[2];  // of ping and of pong

static void bytes(int pong) {
  char byte = 1;
  for (long i = 0; i < rounds; i++) {
    if (pong && read(in[1], &byte, 1) != 1) _exit(1);
    if (write(out[pong], &byte, 1) != 1) _exit(1);
    if (!pong && read(in[0], &byte, 1) != 1) _exit(1);
  }
}

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int turn;

static void turns(int pong) {
  for (long i = 0; i < rounds; i++) {
    pthread_mutex_lock(&lock);
    while (turn != pong) pthread_cond_wait(&changed, &lock);
    turn = !pong;
    pthread_cond_signal(&changed);
    pthread_mutex_unlock(&lock);
  }
}

static void *player(void *pong) {
  played((int)(long)pong, turns);
  return 0;
}

static void connect_both(int sockets[2]) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t size = sizeof address;
  int listening = socket(AF_INET, SOCK_STREAM, 0), one = 1;
  sockets[0] = socket(AF_INET, SOCK_STREAM, 0);
  if (bind(listening, (void *)&address, size) || listen(listening, 1)) _exit(1);
  if (getsockname(listening, (void *)&address, &size)) _exit(1);
  if (connect(sockets[0], (void *)&address, size)) _exit(1);
  sockets[1] = accept(listening, 0, 0);
  for (int i = 0; i < 2; i++) setsockopt(sockets[i], IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
}

static long millis;

static void *burn(void *number) {
  char name[16];
  snprintf(name, sizeof name, "burn-%ld", (long)number);
  prctl(PR_SET_NAME, name);
  struct timespec now;
  do clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  while (now.tv_sec * 1000 + now.tv_nsec / 1000000 < millis);
  say(name, now.tv_sec * 1000000000L + now.tv_nsec);
  return 0;
}

int main(int argc, char **argv) {
  if (!strcmp(argv[1], "burn")) {
    int count = atoi(argv[2]);
    pthread_t threads[count];
    millis = atol(argv[3]);
    for (long i = 0; i < count; i++) pthread_create(&threads[i], 0, burn, (void *)i);
    for (int i = 0; i < count; i++) pthread_join(threads[i], 0);
    return 0;
  }
  rounds = atol(argv[2]);
  if (!strcmp(argv[1], "futex")) {
    pthread_t players[2];
    for (long i = 0; i < 2; i++) pthread_create(&players[i], 0, player, (void *)i);
    for (int i = 0; i < 2; i++) pthread_join(players[i], 0);
    return 0;
  }
  if (!strcmp(argv[1], "tcp")) {
    connect_both(in);
    memcpy(out, in, sizeof out);
  } else {
    int to_pong[2], to_ping[2];
    if (pipe(to_pong) || pipe(to_ping)) return 1;
    in[0] = to_ping[0], out[0] = to_pong[1];
    in[1] = to_pong[0], out[1] = to_ping[1];
  }
  for (int pong = 0; pong < 2; pong++)
    if (!fork()) {
      played(pong, bytes);
      _exit(0);
    }
  while (wait(0) > 0);
}
