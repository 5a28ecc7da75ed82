// 200 children a second that work briefly, end with a known status and are waited for, up to 16 at a time.
#include "hostile.h"

int main(int argc, char **argv) {
  hostile_begin(argc, argv);
  thread(hot_for_ever, NULL);
  int alive = 0;
  for (long tick = now_nanos(); !is_over(); tick += 5000000) {
    while (now_nanos() < tick) {
      do_cold();
    }
    pid_t pid = fork();
    must(pid >= 0, "fork");
    if (pid == 0) {
      uint64_t result = cold(known_work);
      _exit(result == known_result ? 42 : 1);
    }
    alive++;
    int status;
    while (alive > 0 && (pid = waitpid(-1, &status, alive < 16 ? WNOHANG : 0)) != 0) {
      if (pid < 0) {
        report_wrong("waitpid: errno", errno, 0);
        break;
      }
      if (!WIFEXITED(status) || WEXITSTATUS(status) != 42) {
        report_wrong("a child's status", status, 42 << 8);
      }
      alive--;
      step();
    }
  }
  hostile_end();
}
