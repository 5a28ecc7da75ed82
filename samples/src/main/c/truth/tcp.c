// A client and a server process, over TCP on the loopback interface: the server does X of 10 units, the client 4 units
// for each answer.
// One request at a time: 10s / 14. Variant "window": two on their way, so that both work at once: min(s, 0.6).
#include "truth.h"
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

enum { MESSAGE = 64 };
static int listener;

static void transfer(int fd, int receive) {
  char message[MESSAGE] = {0};
  for (size_t done = 0; done < MESSAGE;) {
    ssize_t n = receive ? recv(fd, message + done, MESSAGE - done, 0)
                        : send(fd, message + done, MESSAGE - done, MSG_NOSIGNAL);
    must(n > 0 || (n < 0 && errno == EINTR), "socket");
    done += n > 0 ? (size_t)n : 0;
  }
}

static void no_delay(int fd) {
  int on = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

static void server(void) {
  int fd = accept(listener, NULL, NULL);
  must(fd >= 0, "accept");
  no_delay(fd);
  keep_on_cpu(1);
  for (;;) {
    transfer(fd, 1);
    hot(scaled(10));
    transfer(fd, 0);
  }
}

int main(int argc, char **argv) {
  truth_begin(argc, argv);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t length = sizeof address;
  listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  must(bind(listener, (struct sockaddr *)&address, length) == 0 && listen(listener, 1) == 0, "listen");
  getsockname(listener, (struct sockaddr *)&address, &length);
  child(server);
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  must(connect(fd, (struct sockaddr *)&address, length) == 0, "connect");
  no_delay(fd);
  int on_their_way = is_variant("window") ? 2 : 1;
  for (int i = 0; i < on_their_way; i++) {
    transfer(fd, 0);
  }
  keep_on_cpu(0);
  while (!is_over()) {
    transfer(fd, 1);
    cold(units(4));
    transfer(fd, 0);
    step();
  }
  truth_end();
}
