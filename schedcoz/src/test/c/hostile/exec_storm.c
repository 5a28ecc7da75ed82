// A child executes itself thousands of times, with some work before and after each exec; its parent is in the region all
// the time. A signal that is on its way when a program is replaced kills the next one.
#include "hostile.h"
#include <fcntl.h>

enum { REPORT_FD = 100, SHARED_FD = 101 };

static void share(int fd) {
  void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  must(page != MAP_FAILED, "mmap");
  shared = page;
}

static int page(int at) {
  int fd = memfd_create("page", 0);
  must(fd >= 0 && ftruncate(fd, 4096) == 0 && dup2(fd, at) == at, "memfd_create");
  close(fd);
  return at;
}

// argv: the program, "storm", when it is over, how much work, the known result
static int storm(char **argv) {
  share(SHARED_FD);
  report_on(REPORT_FD);
  end_nanos = atol(argv[2]);
  known_work = atol(argv[3]);
  known_result = strtoull(argv[4], NULL, 10);
  do_cold();
  step();
  if (is_over()) {
    _exit(report->wrong ? 1 : 0);
  }
  execv("/proc/self/exe", argv);
  perror("execv");
  _exit(2);
}

int main(int argc, char **argv) {
  if (argc == 5 && !strcmp(argv[1], "storm")) {
    return storm(argv);
  }
  hostile_begin(argc, argv);
  share(page(SHARED_FD));
  report_on(page(REPORT_FD));
  char until[32], work[32], result[32];
  snprintf(until, sizeof until, "%ld", end_nanos);
  snprintf(work, sizeof work, "%ld", known_work);
  snprintf(result, sizeof result, "%lu", (unsigned long)known_result);
  pid_t pid = fork();
  must(pid >= 0, "fork");
  if (pid == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL); // lasts through exec
    char *command[] = {argv[0], "storm", until, work, result, NULL};
    execv("/proc/self/exe", command);
    _exit(2);
  }
  int status = 0;
  pid_t ended;
  while ((ended = waitpid(pid, &status, WNOHANG)) == 0) {
    do_hot();
  }
  if (ended != pid || status != 0) {
    report_wrong("the child that executes itself: status", status, 0);
  }
  hostile_end();
}
