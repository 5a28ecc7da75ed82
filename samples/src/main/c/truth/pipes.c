// Three processes with pipes of four items between them: 0.5, X of 10, 4 units. Until the third is the slowest:
// min(s, 0.6).
#include "truth.h"
#include <fcntl.h>

enum { ITEM = 1024 };
static int first[2], second[2];

static void transfer(ssize_t (*call)(int, void *, size_t), int fd) {
  char item[ITEM] = {0};
  for (size_t done = 0; done < ITEM;) {
    ssize_t n = call(fd, item + done, ITEM - done);
    must(n > 0 || errno == EINTR, "pipe");
    done += n > 0 ? (size_t)n : 0;
  }
}

static ssize_t send_some(int fd, void *bytes, size_t n) { return write(fd, bytes, n); }

static void source(void) {
  keep_on_cpu(0);
  for (;;) {
    cold(units(0.5));
    transfer(send_some, first[1]);
  }
}

static void worker(void) {
  keep_on_cpu(1);
  for (;;) {
    transfer(read, first[0]);
    hot(scaled(10));
    transfer(send_some, second[1]);
  }
}

int main(int argc, char **argv) {
  truth_begin(argc, argv);
  must(pipe(first) == 0 && pipe(second) == 0, "pipe");
  fcntl(first[1], F_SETPIPE_SZ, 4096);
  fcntl(second[1], F_SETPIPE_SZ, 4096);
  child(source);
  child(worker);
  keep_on_cpu(0);
  while (!is_over()) {
    transfer(read, second[0]);
    cold(units(4));
    step();
  }
  truth_end();
}
