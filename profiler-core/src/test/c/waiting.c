// One thread per blocking system call. Each is woken every few milliseconds and checks what its call returned; at the
// end, or at SIGTERM, a line per call: name, calls, EINTRs, wrong results.  waiting SECONDS [NAME...]
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <linux/io_uring.h>
#include <mqueue.h>
#include <poll.h>
#include <pthread.h>
#include <pty.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/select.h>
#include <sys/sem.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

typedef struct scenario scenario;
struct scenario {
  const char *name;
  void (*setup)(scenario *);
  int (*wait)(scenario *);   // 0: right, 1: wrong, -1: failed with errno
  void (*wake)(scenario *);  // NULL: wakes by itself
  int fd, other;
  int word;
  unsigned char next, sent;
  pthread_t thread;
  volatile int ready;
  long calls, eintr, wrong;
  int unavailable;
};

static volatile int done, ended;

static void end(int signal) { ended = 1; }

static void event(scenario *s) { s->fd = eventfd(0, EFD_NONBLOCK); }
static void blocking_event(scenario *s) { s->fd = eventfd(0, 0); }
static void wake_event(scenario *s) {
  uint64_t one = 1;
  if (write(s->fd, &one, 8) != 8) s->wrong++;
}
static int drain(scenario *s) {
  uint64_t n;
  return read(s->fd, &n, 8) == 8 ? 0 : 1;
}

static void epoll_setup(scenario *s) {
  event(s);
  s->other = epoll_create1(0);
  struct epoll_event e = {.events = EPOLLIN};
  epoll_ctl(s->other, EPOLL_CTL_ADD, s->fd, &e);
}
static int epoll(scenario *s) {
  struct epoll_event e;
  int n = epoll_wait(s->other, &e, 1, 10000);
  return n < 0 ? -1 : n != 1 ? 1 : drain(s);
}
static int epoll_masked(scenario *s) {
  struct epoll_event e;
  sigset_t all;
  sigfillset(&all);
  int n = epoll_pwait(s->other, &e, 1, 10000, &all);
  return n < 0 ? -1 : n != 1 ? 1 : drain(s);
}
static int polling(scenario *s) {
  struct pollfd p = {.fd = s->fd, .events = POLLIN};
  int n = poll(&p, 1, 10000);
  return n < 0 ? -1 : n != 1 ? 1 : drain(s);
}
static int ppolling(scenario *s) {
  struct pollfd p = {.fd = s->fd, .events = POLLIN};
  struct timespec t = {10, 0};
  int n = ppoll(&p, 1, &t, NULL);
  return n < 0 ? -1 : n != 1 ? 1 : drain(s);
}
static int selecting(scenario *s) {
  fd_set set;
  FD_ZERO(&set);
  FD_SET(s->fd, &set);
  struct timeval t = {10, 0};
  int n = select(s->fd + 1, &set, NULL, NULL, &t);
  return n < 0 ? -1 : n != 1 ? 1 : drain(s);
}
static int read_event(scenario *s) {
  uint64_t n;
  ssize_t r = read(s->fd, &n, 8);
  return r < 0 ? -1 : r != 8 || n == 0;
}

static void sem_setup(scenario *s) { s->fd = semget(IPC_PRIVATE, 1, 0600); }
static int sem(scenario *s) {
  struct sembuf b = {0, -1, 0};
  return semop(s->fd, &b, 1);
}
static int sem_timed(scenario *s) {
  struct sembuf b = {0, -1, 0};
  struct timespec t = {10, 0};
  return semtimedop(s->fd, &b, 1, &t);
}
static void wake_sem(scenario *s) {
  struct sembuf b = {0, 1, 0};
  semop(s->fd, &b, 1);
}

static int sigtimed(scenario *s) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGRTMIN + 5);
  struct timespec t = {10, 0};
  int n = sigtimedwait(&set, NULL, &t);
  return n < 0 ? -1 : n != SIGRTMIN + 5;
}
static int sigwaiting(scenario *s) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGRTMIN + 5);
  int n = sigwaitinfo(&set, NULL);
  return n < 0 ? -1 : n != SIGRTMIN + 5;
}
static void wake_signal(scenario *s) { pthread_kill(s->thread, SIGRTMIN + 5); }
static void signalfd_setup(scenario *s) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGRTMIN + 5);
  s->fd = signalfd(-1, &set, 0);
}
static int read_signal(scenario *s) {
  struct signalfd_siginfo i;
  ssize_t n = read(s->fd, &i, sizeof i);
  return n < 0 ? -1 : n != sizeof i || i.ssi_signo != (unsigned)SIGRTMIN + 5;
}

static void socket_setup(scenario *s) {
  int p[2];
  socketpair(AF_UNIX, SOCK_STREAM, 0, p);
  struct timeval t = {10, 0};
  setsockopt(p[0], SOL_SOCKET, SO_RCVTIMEO, &t, sizeof t);
  s->fd = p[0];
  s->other = p[1];
}
static int receive(scenario *s) {
  unsigned char c;
  ssize_t n = recv(s->fd, &c, 1, 0);
  return n < 0 ? -1 : n != 1 || c != s->next++;
}
static int read_byte(scenario *s) {
  unsigned char c;
  ssize_t n = read(s->fd, &c, 1);
  return n < 0 ? -1 : n != 1 || c != s->next++;
}
static void wake_byte(scenario *s) {
  if (write(s->other, &s->sent, 1) == 1) s->sent++;
}
static void pipe_setup(scenario *s) {
  int p[2];
  if (pipe(p)) abort();
  s->fd = p[0];
  s->other = p[1];
}
static void tty_setup(scenario *s) {
  struct termios raw;
  memset(&raw, 0, sizeof raw);
  cfmakeraw(&raw);
  raw.c_cc[VMIN] = 1;
  if (openpty(&s->other, &s->fd, NULL, &raw, NULL)) s->unavailable = 1;
}

static struct sockaddr_un address(scenario *s) {
  struct sockaddr_un a = {.sun_family = AF_UNIX};
  snprintf(a.sun_path + 1, sizeof a.sun_path - 1, "whatif-%d-%s", getpid(), s->name);
  return a;
}
static void listen_setup(scenario *s) {
  struct sockaddr_un a = address(s);
  s->fd = socket(AF_UNIX, SOCK_STREAM, 0);
  bind(s->fd, (struct sockaddr *)&a, sizeof a);
  listen(s->fd, 0);
  struct timeval t = {10, 0};
  if (!strcmp(s->name, "accept")) setsockopt(s->fd, SOL_SOCKET, SO_RCVTIMEO, &t, sizeof t);
}
static int accepting(scenario *s) {
  int fd = accept(s->fd, NULL, NULL);
  if (fd < 0) return -1;
  close(fd);
  return 0;
}
static int connecting(scenario *s) {
  struct sockaddr_un a = address(s);
  int fd = socket(AF_UNIX, SOCK_STREAM, 0);
  struct timeval t = {10, 0};
  setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &t, sizeof t);
  int r = connect(fd, (struct sockaddr *)&a, sizeof a);
  int e = errno;
  close(fd);
  errno = e;
  return r;
}
static void wake_accept(scenario *s) {
  struct sockaddr_un a = address(s);
  int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
  connect(fd, (struct sockaddr *)&a, sizeof a);
  close(fd);
}
static void wake_connect(scenario *s) {
  int fd = accept4(s->fd, NULL, NULL, 0);
  if (fd >= 0) close(fd);
}
static void connect_setup(scenario *s) {
  listen_setup(s);
  fcntl(s->fd, F_SETFL, O_NONBLOCK);
}

static int futex_wait(scenario *s) {
  struct timespec t = {10, 0};
  int r = syscall(SYS_futex, &s->word, FUTEX_WAIT_PRIVATE, 0, &t, NULL, 0);
  if (r < 0 && errno != EAGAIN) return -1;
  __atomic_store_n(&s->word, 0, __ATOMIC_SEQ_CST);
  return 0;
}
static int futex_forever(scenario *s) {
  int r = syscall(SYS_futex, &s->word, FUTEX_WAIT_PRIVATE, 0, NULL, NULL, 0);
  if (r < 0 && errno != EAGAIN) return -1;
  __atomic_store_n(&s->word, 0, __ATOMIC_SEQ_CST);
  return 0;
}
static void wake_futex(scenario *s) {
  __atomic_store_n(&s->word, 1, __ATOMIC_SEQ_CST);
  syscall(SYS_futex, &s->word, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
}

static long long now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000000LL + t.tv_nsec;
}
static int sleeping(scenario *s) {
  struct timespec t = {0, 5000000};
  long long start = now();
  int r = syscall(SYS_nanosleep, &t, &t);
  return r < 0 ? -1 : now() - start < 5000000;
}
static int sleeping_until(scenario *s) {
  long long until = now() + 5000000;
  struct timespec t = {until / 1000000000, until % 1000000000};
  int r = clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL);
  errno = r;
  return r ? -1 : now() < until;
}
static int poll_timeout(scenario *s) {
  long long start = now();
  int n = poll(NULL, 0, 5);
  return n < 0 ? -1 : n != 0 || now() - start < 5000000;
}
static int select_timeout(scenario *s) {
  long long start = now();
  struct timeval t = {0, 5000};
  int n = select(0, NULL, NULL, NULL, &t);
  return n < 0 ? -1 : n != 0 || now() - start < 5000000;
}
static void timer_setup(scenario *s) {
  s->fd = timerfd_create(CLOCK_MONOTONIC, 0);
  struct itimerspec t = {{0, 3000000}, {0, 3000000}};
  timerfd_settime(s->fd, 0, &t, NULL);
}

static void queue_setup(scenario *s) { s->fd = msgget(IPC_PRIVATE, 0600); }
static int receive_message(scenario *s) {
  struct {
    long type;
    char text[1];
  } m;
  ssize_t n = msgrcv(s->fd, &m, 1, 0, 0);
  return n < 0 ? -1 : n != 1 || (unsigned char)m.text[0] != s->next++;
}
static void wake_message(scenario *s) {
  struct {
    long type;
    char text[1];
  } m = {1, {(char)s->sent++}};
  msgsnd(s->fd, &m, 1, 0);
}
static void mq_setup(scenario *s) {
  char name[64];
  snprintf(name, sizeof name, "/whatif-%d", getpid());
  struct mq_attr a = {.mq_maxmsg = 8, .mq_msgsize = 8};
  s->fd = mq_open(name, O_RDWR | O_CREAT, 0600, &a);
  mq_unlink(name);
  if (s->fd < 0) s->unavailable = 1;
}
static int receive_mq(scenario *s) {
  char c[8];
  struct timespec t;
  clock_gettime(CLOCK_REALTIME, &t);
  t.tv_sec += 10;
  ssize_t n = mq_timedreceive(s->fd, c, sizeof c, NULL, &t);
  return n < 0 ? -1 : n != 1 || (unsigned char)c[0] != s->next++;
}
static void wake_mq(scenario *s) {
  struct timespec past = {0, 0};
  if (mq_timedsend(s->fd, (char *)&s->sent, 1, 0, &past) == 0) s->sent++;
}

static void inotify_setup(scenario *s) {
  char name[] = "/tmp/whatif-waiting-XXXXXX";
  s->other = mkstemp(name);
  s->fd = inotify_init1(0);
  inotify_add_watch(s->fd, name, IN_MODIFY);
  unlink(name);
}
static int read_inotify(scenario *s) {
  char buffer[4096];
  ssize_t n = read(s->fd, buffer, sizeof buffer);
  return n < 0 ? -1 : n < (ssize_t)sizeof(struct inotify_event);
}

static void lock_setup(scenario *s) {
  char name[64];
  snprintf(name, sizeof name, "/tmp/whatif-lock-%d-%s", getpid(), s->name);
  s->fd = open(name, O_RDWR | O_CREAT, 0600);
  s->other = open(name, O_RDWR);
  unlink(name);
  struct flock l = {.l_type = F_WRLCK, .l_len = 1};
  if (!strcmp(s->name, "flock")) flock(s->other, LOCK_EX);
  else fcntl(s->other, F_OFD_SETLK, &l);
}
static int locking(scenario *s) {
  if (flock(s->fd, LOCK_EX)) return -1;
  flock(s->fd, LOCK_UN);
  usleep(1000);
  return 0;
}
static void wake_lock(scenario *s) {
  flock(s->other, LOCK_UN);
  usleep(200);
  flock(s->other, LOCK_EX | LOCK_NB);
}
static int record_locking(scenario *s) {
  struct flock l = {.l_type = F_WRLCK, .l_len = 1};
  if (fcntl(s->fd, F_OFD_SETLKW, &l)) return -1;
  l.l_type = F_UNLCK;
  fcntl(s->fd, F_OFD_SETLK, &l);
  usleep(1000);
  return 0;
}
static void wake_record(scenario *s) {
  struct flock l = {.l_type = F_UNLCK, .l_len = 1};
  fcntl(s->other, F_OFD_SETLK, &l);
  usleep(200);
  l.l_type = F_WRLCK;
  fcntl(s->other, F_OFD_SETLK, &l);
}

static int waiting_child(scenario *s) {
  pid_t child = fork();
  if (child == 0) {
    usleep(3000);
    _exit(7);
  }
  int status;
  pid_t r;
  while ((r = waitpid(child, &status, 0)) < 0 && errno == EINTR) s->eintr++;
  return r < 0 ? -1 : r != child || !WIFEXITED(status) || WEXITSTATUS(status) != 7;
}

static struct {
  struct io_uring_sqe *sqes;
  unsigned *head, *tail, *mask, *array, *chead, *ctail;
} ring;
static void uring_setup(scenario *s) {
  struct io_uring_params p;
  memset(&p, 0, sizeof p);
  s->fd = syscall(SYS_io_uring_setup, 4, &p);
  if (s->fd < 0) {
    s->unavailable = 1;
    return;
  }
  char *sq = mmap(NULL, p.sq_off.array + p.sq_entries * 4, PROT_READ | PROT_WRITE, MAP_SHARED, s->fd, 0);
  char *cq = mmap(NULL, p.cq_off.cqes + p.cq_entries * 16, PROT_READ | PROT_WRITE, MAP_SHARED, s->fd, IORING_OFF_CQ_RING);
  ring.sqes = mmap(NULL, p.sq_entries * 64, PROT_READ | PROT_WRITE, MAP_SHARED, s->fd, IORING_OFF_SQES);
  ring.tail = (unsigned *)(sq + p.sq_off.tail);
  ring.mask = (unsigned *)(sq + p.sq_off.ring_mask);
  ring.array = (unsigned *)(sq + p.sq_off.array);
  ring.chead = (unsigned *)(cq + p.cq_off.head);
  ring.ctail = (unsigned *)(cq + p.cq_off.tail);
}
static int uring(scenario *s) {
  static struct __kernel_timespec t = {0, 3000000};
  unsigned i = *ring.tail & *ring.mask;
  memset(&ring.sqes[i], 0, 64);
  ring.sqes[i].opcode = IORING_OP_TIMEOUT;
  ring.sqes[i].addr = (unsigned long)&t;
  ring.sqes[i].len = 1;
  ring.array[i] = i;
  __atomic_store_n(ring.tail, *ring.tail + 1, __ATOMIC_RELEASE);
  int n = syscall(SYS_io_uring_enter, s->fd, 1, 0, 0, NULL, 0);
  if (n != 1) return n < 0 ? -1 : 1;
  while ((n = syscall(SYS_io_uring_enter, s->fd, 0, 1, IORING_ENTER_GETEVENTS, NULL, 0)) < 0 && errno == EINTR) s->eintr++;
  if (n < 0) return -1;
  if (__atomic_load_n(ring.ctail, __ATOMIC_ACQUIRE) == *ring.chead) return 1;
  __atomic_store_n(ring.chead, *ring.chead + 1, __ATOMIC_RELEASE);
  return 0;
}

static scenario all[] = {
    {"epoll_wait", epoll_setup, epoll, wake_event},
    {"epoll_pwait", epoll_setup, epoll_masked, wake_event},
    {"poll", event, polling, wake_event},
    {"ppoll", event, ppolling, wake_event},
    {"select", event, selecting, wake_event},
    {"read-eventfd", blocking_event, read_event, wake_event},
    {"semop", sem_setup, sem, wake_sem},
    {"semtimedop", sem_setup, sem_timed, wake_sem},
    {"sigtimedwait", NULL, sigtimed, wake_signal},
    {"sigwaitinfo", NULL, sigwaiting, wake_signal},
    {"read-signalfd", signalfd_setup, read_signal, wake_signal},
    {"recv-timeout", socket_setup, receive, wake_byte},
    {"read-socket", socket_setup, read_byte, wake_byte},
    {"read-pipe", pipe_setup, read_byte, wake_byte},
    {"read-tty", tty_setup, read_byte, wake_byte},
    {"accept", listen_setup, accepting, wake_accept},
    {"connect", connect_setup, connecting, wake_connect},
    {"futex-timeout", NULL, futex_wait, wake_futex},
    {"futex", NULL, futex_forever, wake_futex},
    {"nanosleep", NULL, sleeping, NULL},
    {"clock_nanosleep", NULL, sleeping_until, NULL},
    {"poll-timeout", NULL, poll_timeout, NULL},
    {"select-timeout", NULL, select_timeout, NULL},
    {"read-timerfd", timer_setup, read_event, NULL},
    {"msgrcv", queue_setup, receive_message, wake_message},
    {"mq_timedreceive", mq_setup, receive_mq, wake_mq},
    {"read-inotify", inotify_setup, read_inotify, wake_byte},
    {"flock", lock_setup, locking, wake_lock},
    {"fcntl-lock", lock_setup, record_locking, wake_record},
    {"waitpid", NULL, waiting_child, NULL},
    {"io_uring_enter", uring_setup, uring, NULL},
};
enum { N = sizeof all / sizeof *all };

static void *run(void *argument) {
  scenario *s = argument;
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGRTMIN + 5);
  pthread_sigmask(SIG_BLOCK, &set, NULL);
  if (s->setup) s->setup(s);
  s->ready = 1;
  if (s->unavailable) return NULL;
  while (!done) {
    int r = s->wait(s);
    if (done) break;
    if (r == 0) {
      s->calls++;
    } else if (r < 0 && errno == EINTR) {
      s->eintr++;
    } else {
      if (r < 0) fprintf(stderr, "%s: %s\n", s->name, strerror(errno));
      s->wrong++;
      usleep(1000);
    }
  }
  return NULL;
}

static int chosen(const char *name, int argc, char **argv) {
  if (argc < 3) return 1;
  for (int i = 2; i < argc; i++)
    if (!strcmp(argv[i], name)) return 1;
  return 0;
}

int main(int argc, char **argv) {
  alarm(120);
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGRTMIN + 5);
  sigaddset(&set, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &set, NULL);
  signal(SIGTERM, end);
  for (int i = 0; i < N; i++)
    if (chosen(all[i].name, argc, argv)) {
      pthread_create(&all[i].thread, NULL, run, &all[i]);
      while (!all[i].ready) usleep(100);
    }
  sigdelset(&set, SIGRTMIN + 5);
  pthread_sigmask(SIG_UNBLOCK, &set, NULL);
  long long last = now() + (long long)(atof(argv[1]) * 1e9);
  printf("ready\n");
  fflush(stdout);
  while (!ended && now() < last) {
    for (int i = 0; i < N; i++)
      if (all[i].thread && all[i].wake && !all[i].unavailable) all[i].wake(&all[i]);
    usleep(3000);
  }
  done = 1;
  for (int i = 0; i < N; i++)
    if (all[i].thread)
      printf("%s %ld %ld %ld%s\n", all[i].name, all[i].calls, all[i].eintr, all[i].wrong, all[i].unavailable ? " unavailable" : "");
  for (int i = 0; i < N; i++)
    if (all[i].setup == sem_setup && all[i].thread) semctl(all[i].fd, 0, IPC_RMID);
    else if (all[i].setup == queue_setup && all[i].thread) msgctl(all[i].fd, IPC_RMID, NULL);
  fflush(stdout);
  _exit(0);
}
