// A client process sends a request every 2 ms whatever happens, over TCP; a server process does X of 10 units and 2
// more for each. Throughput does not depend on X: 0, arrival-limited. Latency does: X's share of
// request_begin(id) to request_end(id), both in the client, in two threads.
#include "truth.h"
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

enum { MESSAGE = 64, IDS = 1 << 16 };
static int listener, connection;
static long begun[IDS];

// Latency begins; the id is the key.
PUBLIC void request_begin(long id) { begun[id % IDS] = now_nanos(); }

// Latency ends.
PUBLIC void request_end(long id) {
  shared->latency_nanos += now_nanos() - begun[id % IDS];
  shared->latencies++;
}

static void transfer(int fd, int receive, long *id) {
  long message[MESSAGE / sizeof(long)] = {*id};
  for (size_t done = 0; done < MESSAGE;) {
    char *at = (char *)message + done;
    ssize_t n = receive ? recv(fd, at, MESSAGE - done, 0) : send(fd, at, MESSAGE - done, MSG_NOSIGNAL);
    must(n > 0 || (n < 0 && errno == EINTR), "socket");
    done += n > 0 ? (size_t)n : 0;
  }
  *id = message[0];
}

static void no_delay(int fd) {
  int on = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

static void server(void) {
  int fd = accept(listener, NULL, NULL);
  must(fd >= 0, "accept");
  no_delay(fd);
  for (long id = 0;;) {
    transfer(fd, 1, &id);
    hot(scaled(10));
    cold(units(2));
    step();
    transfer(fd, 0, &id);
  }
}

static void *receiver(void *nothing) {
  for (long id = 0;;) {
    transfer(connection, 1, &id);
    request_end(id);
  }
  return nothing;
}

int main(int argc, char **argv) {
  truth_begin(argc, argv);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t length = sizeof address;
  listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  must(bind(listener, (struct sockaddr *)&address, length) == 0 && listen(listener, 1) == 0, "listen");
  getsockname(listener, (struct sockaddr *)&address, &length);
  child(server);
  connection = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  must(connect(connection, (struct sockaddr *)&address, length) == 0, "connect");
  no_delay(connection);
  thread(receiver, NULL);
  long tick = now_nanos();
  for (long id = 0; !is_over(); id++) {
    sleep_until(tick += 2000000);
    request_begin(id);
    long same = id;
    transfer(connection, 0, &same);
  }
  truth_end();
}
