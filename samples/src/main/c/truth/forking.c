// A process for each request, which does X; its parent waits for it and does half as much: 2s / 3 less what the births
// cost.
#include "truth.h"

static void request(void) { hot(scaled(20)); }

int main(int argc, char **argv) {
  truth_begin(argc, argv);
  while (!is_over()) {
    pid_t pid = child(request);
    must(waitpid(pid, NULL, 0) == pid, "waitpid");
    cold(units(10));
    step();
  }
  truth_end();
}
