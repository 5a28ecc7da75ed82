// One call of each kind in which a thread can be blocked, with the answer that it must give. EINTR
// is counted: nobody sends these threads a signal, so it came from whoever stopped them.
#ifndef WAITS_H
#define WAITS_H
#include "report.h"
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/select.h>
#include <sys/sem.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>

enum { WAIT_MILLIS = 15 };

static long now_nanos(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000000L + t.tv_nsec;
}

// The call must have failed with this errno (0: succeeded), and not before its time.
static void waited(const char *call, long result, int wanted, long since, long least_millis) {
  int error = result < 0 ? errno : 0;
  long took = now_nanos() - since;
  if (error == EINTR) {
    report_eintr(call);
  } else if (error != wanted) {
    report_wrong(call, error, wanted);
  } else if (took < least_millis * 1000000L) {
    report_wrong(call, took, least_millis * 1000000L);
  }
}

static void wait_sleep(void) {
  struct timespec t = {0, WAIT_MILLIS * 1000000L};
  long since = now_nanos();
  waited("nanosleep", nanosleep(&t, NULL), 0, since, WAIT_MILLIS);
}

static void wait_deadline(void) {
  struct timespec t;
  long since = now_nanos();
  clock_gettime(CLOCK_MONOTONIC, &t);
  long at = t.tv_sec * 1000000000L + t.tv_nsec + WAIT_MILLIS * 1000000L;
  t = (struct timespec){at / 1000000000L, at % 1000000000L};
  errno = clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL);
  waited("clock_nanosleep", errno ? -1 : 0, 0, since, WAIT_MILLIS);
}

static void wait_poll(void) {
  long since = now_nanos();
  waited("poll", poll(NULL, 0, WAIT_MILLIS), 0, since, WAIT_MILLIS);
}

static void wait_select(void) {
  struct timeval t = {0, WAIT_MILLIS * 1000L};
  long since = now_nanos();
  waited("select", select(0, NULL, NULL, NULL, &t), 0, since, WAIT_MILLIS);
}

static void wait_epoll(void) {
  static __thread int fd = -1;
  if (fd < 0) {
    fd = epoll_create1(EPOLL_CLOEXEC);
  }
  struct epoll_event event;
  long since = now_nanos();
  waited("epoll_wait", epoll_wait(fd, &event, 1, WAIT_MILLIS), 0, since, WAIT_MILLIS);
}

static void wait_futex(void) {
  static int word;
  struct timespec t = {0, WAIT_MILLIS * 1000000L};
  long since = now_nanos();
  waited("futex", syscall(SYS_futex, &word, 128 /* FUTEX_WAIT_PRIVATE */, 0, &t), ETIMEDOUT, since, WAIT_MILLIS);
}

static void wait_signal(void) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGUSR2);
  struct timespec t = {0, WAIT_MILLIS * 1000000L};
  long since = now_nanos();
  waited("sigtimedwait", sigtimedwait(&set, NULL, &t), EAGAIN, since, WAIT_MILLIS);
}

static void wait_semaphore(void) {
  int id = semget(IPC_PRIVATE, 1, 0600);
  struct sembuf take = {0, -1, 0};
  struct timespec t = {0, WAIT_MILLIS * 1000000L};
  long since = now_nanos();
  waited("semtimedop", syscall(SYS_semtimedop, id, &take, 1, &t), EAGAIN, since, WAIT_MILLIS);
  semctl(id, 0, IPC_RMID); // at once: these outlive a process that is killed
}

static __thread int pair[2] = {-1, -1};

static void wait_receive(void) {
  if (pair[0] < 0) {
    struct timeval t = {0, WAIT_MILLIS * 1000L};
    socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair);
    setsockopt(pair[0], SOL_SOCKET, SO_RCVTIMEO, &t, sizeof t);
  }
  char byte;
  long since = now_nanos();
  // The kernel counts a socket's timeout in ticks and may round it down by one.
  waited("recv with a timeout", recv(pair[0], &byte, 1, 0), EAGAIN, since, WAIT_MILLIS / 3);
}

static void wait_accept(void) {
  static __thread int fd = -1;
  if (fd < 0) {
    struct timeval t = {0, WAIT_MILLIS * 1000L};
    fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in any = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    bind(fd, (struct sockaddr *)&any, sizeof any);
    listen(fd, 1);
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &t, sizeof t);
  }
  long since = now_nanos();
  waited("accept with a timeout", accept(fd, NULL, NULL), EAGAIN, since, WAIT_MILLIS / 3);
}

// Calls without a timeout: somebody else has to wake them. A second thread answers each byte.
static void *answer(void *fds) {
  int *pipes = fds; // requests are read from 0, answers written to 3
  unsigned char byte;
  while (read(pipes[0], &byte, 1) == 1) {
    usleep(2000);
    byte = (unsigned char)(byte * 7 + 3);
    if (write(pipes[3], &byte, 1) != 1) {
      break;
    }
  }
  return NULL;
}

static int *partner(void) {
  static __thread int *pipes;
  if (!pipes) {
    pipes = malloc(4 * sizeof(int));
    pthread_t thread;
    pthread_attr_t small;
    pthread_attr_init(&small);
    pthread_attr_setstacksize(&small, 128 << 10);
    if (pipe(pipes) || pipe(pipes + 2) || pthread_create(&thread, &small, answer, pipes)) {
      confine_failed("partner");
    }
  }
  return pipes; // requests are written to 1, answers read from 2
}

static void wait_pipe(void) {
  static __thread unsigned char last;
  int *pipes = partner();
  unsigned char byte = ++last;
  long since = now_nanos();
  waited("write to a pipe", write(pipes[1], &byte, 1) - 1, 0, since, 0);
  waited("read from a pipe", read(pipes[2], &byte, 1) - 1, 0, since, 0);
  if (byte != (unsigned char)(last * 7 + 3)) {
    report_wrong("answer", byte, (unsigned char)(last * 7 + 3));
  }
}

static void wait_epoll_forever(void) {
  static __thread int fd = -1;
  int *pipes = partner();
  struct epoll_event event = {.events = EPOLLIN};
  if (fd < 0) {
    fd = epoll_create1(EPOLL_CLOEXEC);
    epoll_ctl(fd, EPOLL_CTL_ADD, pipes[2], &event);
  }
  unsigned char byte = 5;
  long since = now_nanos();
  waited("write to a pipe", write(pipes[1], &byte, 1) - 1, 0, since, 0);
  waited("epoll_wait without end", epoll_wait(fd, &event, 1, -1) - 1, 0, since, 0);
  waited("read from a pipe", read(pipes[2], &byte, 1) - 1, 0, since, 0);
  if (byte != 38) {
    report_wrong("answer", byte, 38);
  }
}

static void wait_message(void) {
  int id = msgget(IPC_PRIVATE, 0600);
  struct {
    long type;
    char text[8];
  } message = {1, "seven"};
  long since = now_nanos();
  waited("msgsnd", msgsnd(id, &message, 8, 0), 0, since, 0);
  waited("msgrcv", msgrcv(id, &message, 8, 0, 0), 0, since, 0);
  msgctl(id, IPC_RMID, NULL);
  usleep(WAIT_MILLIS * 1000);
}

static void wait_inotify(void) {
  static __thread int fd = -1;
  if (fd < 0) {
    fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
  }
  struct pollfd p = {fd, POLLIN, 0};
  sigset_t none;
  sigemptyset(&none);
  sigaddset(&none, SIGUSR2);
  struct timespec t = {0, WAIT_MILLIS * 1000000L};
  long since = now_nanos();
  waited("ppoll", ppoll(&p, 1, &t, &none), 0, since, WAIT_MILLIS);
}
#endif
