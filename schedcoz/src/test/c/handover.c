// Work in a region, then a hand-over. Each line on standard input asks for one round: who works calls hot() for some
// milliseconds, then gives() and hands over; whoever is woken calls takes(). The answer: the nanoseconds between both.
//   handover MECHANISM
// "relay" hands over through a process that was there before and that nobody takes into scope.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { MILLIS = 20 };

static void must(int fine, const char *what) {
  if (fine) return;
  perror(what);
  _exit(1);
}

static long nanos(clockid_t clock) {
  struct timespec t;
  clock_gettime(clock, &t);
  return t.tv_sec * 1000000000L + t.tv_nsec;
}

static struct {
  long given, taken;
} *seen;  // shared with children

__attribute__((noinline)) void gives(void) { asm volatile(""); }

__attribute__((noinline)) void takes(void) { asm volatile(""); }

static volatile unsigned long sink;

__attribute__((noinline)) void hot(void) {
  long end = nanos(CLOCK_THREAD_CPUTIME_ID) + MILLIS * 1000000L;
  do {
    unsigned long x = sink;
    for (int i = 0; i < 100000; i++) x = x * 6364136223846793005UL + 1442695040888963407UL;
    sink = x;
  } while (nanos(CLOCK_THREAD_CPUTIME_ID) < end);
}

static void work(void) {
  hot();
  seen->given = nanos(CLOCK_MONOTONIC);
  gives();
}

static void taken(void) {
  takes();
  seen->taken = nanos(CLOCK_MONOTONIC);
}

static const char *mechanism;

static int is(const char *name) { return !strcmp(mechanism, name); }

// There and back; each has an end to write to and one to read from.
static int to[2], back[2];
static int waiting;  // an epoll instance, for eventfd
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int turn;

static void send_to(int fd) {
  uint64_t one = 1;
  must(write(fd, &one, sizeof one) == sizeof one, "write");
}

static void receive_from(int fd) {
  uint64_t one;
  struct epoll_event event;
  if (is("epoll") && fd == to[0]) must(epoll_wait(waiting, &event, 1, -1) == 1, "epoll_wait");
  must(read(fd, &one, sizeof one) == sizeof one, "read");
}

static void set_turn(int which) {
  pthread_mutex_lock(&lock);
  turn = which;
  pthread_cond_broadcast(&changed);
  pthread_mutex_unlock(&lock);
}

static void await_turn(int which) {
  pthread_mutex_lock(&lock);
  while (turn != which) pthread_cond_wait(&changed, &lock);
  pthread_mutex_unlock(&lock);
}

static void *partner(void *nothing) {
  prctl(PR_SET_NAME, "partner");
  for (;;) {
    if (is("condition")) {
      await_turn(1);
    } else {
      receive_from(to[0]);
    }
    taken();
    if (is("condition")) {
      set_turn(0);
    } else {
      send_to(back[1]);
    }
  }
  return nothing;
}

static void connect_both(int pair[2]) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t size = sizeof address;
  int listening = socket(AF_INET, SOCK_STREAM, 0), one = 1;
  pair[1] = socket(AF_INET, SOCK_STREAM, 0);
  must(!bind(listening, (void *)&address, size) && !listen(listening, 1), "listen");
  must(!getsockname(listening, (void *)&address, &size), "getsockname");
  must(!connect(pair[1], (void *)&address, size), "connect");
  pair[0] = accept(listening, 0, 0);
  must(pair[0] >= 0, "accept");
  for (int i = 0; i < 2; i++) setsockopt(pair[i], IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
}

static void prepare(void) {
  pthread_t thread;
  if (is("tcp")) {
    connect_both(to);
  } else if (is("unix")) {
    must(!socketpair(AF_UNIX, SOCK_STREAM, 0, to), "socketpair");
  } else if (is("epoll")) {
    to[0] = to[1] = eventfd(0, 0);
    waiting = epoll_create1(0);
    struct epoll_event event = {.events = EPOLLIN};
    must(!epoll_ctl(waiting, EPOLL_CTL_ADD, to[0], &event), "epoll_ctl");
  } else {
    must(!pipe(to), "pipe");
  }
  must(!pipe(back), "pipe");
  if (is("relay")) {
    int further[2];
    must(!pipe(further), "pipe");
    if (!fork()) {
      prctl(PR_SET_PDEATHSIG, SIGKILL);
      for (;;) {
        receive_from(to[0]);
        send_to(further[1]);
      }
    }
    to[0] = further[0];
  }
  must(!pthread_create(&thread, 0, partner, 0), "pthread_create");
}

static void *works(void *nothing) {
  work();
  return nothing;
}

static void *takes_once(void *nothing) {
  taken();
  return nothing;
}

static void child_works(void) {
  pid_t child = fork();
  if (!child) {
    work();
    _exit(0);
  }
  if (is("sigchld")) {
    sigset_t set;
    int signal;
    sigemptyset(&set);
    sigaddset(&set, SIGCHLD);
    must(!sigwait(&set, &signal), "sigwait");
    taken();
    must(waitpid(child, 0, 0) == child, "waitpid");
  } else {
    must(waitpid(child, 0, 0) == child, "waitpid");
    taken();
  }
}

// The child ends while its maker works in the region for twice as long, later in virtual time, and wakes nobody.
static void *gives_late(void *nothing) {
  long end = nanos(CLOCK_THREAD_CPUTIME_ID) + MILLIS * 7 / 5 * 1000000L;
  while (nanos(CLOCK_THREAD_CPUTIME_ID) < end) {
  }
  seen->given = nanos(CLOCK_MONOTONIC);
  gives();
  return nothing;
}

static void play(void) {
  pthread_t thread;
  if (is("wait") || is("sigchld")) {
    child_works();
  } else if (is("fork")) {
    work();
    pid_t child = fork();
    if (!child) {
      taken();
      _exit(0);
    }
    waitpid(child, 0, 0);
  } else if (is("create")) {
    work();
    must(!pthread_create(&thread, 0, takes_once, 0), "pthread_create");
    pthread_join(thread, 0);
  } else if (is("join")) {
    must(!pthread_create(&thread, 0, works, 0), "pthread_create");
    pthread_join(thread, 0);
    taken();
  } else if (is("ended")) {
    must(!pthread_create(&thread, 0, gives_late, 0), "pthread_create");
    hot();
    hot();
    pthread_join(thread, 0);
    taken();
  } else if (is("timer")) {
    work();
    usleep(5000);
    taken();
  } else {
    work();
    if (is("condition")) {
      set_turn(1);
      await_turn(0);
    } else {
      send_to(to[1]);
      receive_from(back[0]);
    }
  }
}

int main(int argc, char **argv) {
  must(argc == 2, "usage: handover MECHANISM");
  mechanism = argv[1];
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  seen = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  must(seen != MAP_FAILED, "mmap");
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGCHLD);
  if (is("sigchld")) sigprocmask(SIG_BLOCK, &set, 0);
  prepare();
  printf("ready\n");
  fflush(stdout);
  char line[16];
  while (fgets(line, sizeof line, stdin)) {
    play();
    printf("%ld\n", seen->taken - seen->given);
    fflush(stdout);
  }
}
