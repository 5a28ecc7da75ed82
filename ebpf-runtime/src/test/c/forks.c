// forks REPORT -: starts itself as another program 100 times a second, by fork, vfork, posix_spawn and
// fork without exec in turn, and knows what each must answer. A second thread computes.
#define _GNU_SOURCE
#include "report.h"
#include "registers.h"
#include <errno.h>
#include <pthread.h>
#include <spawn.h>
#include <sys/wait.h>

static int answer_to(int question) { return (question * 7 + 3) % 251; }

static void *compute(void *nothing) {
  for (;;) {
    check_general("beside forks");
    report_round(1);
    usleep(500);
  }
  return nothing;
}

static void check(const char *how, pid_t child, int wanted) {
  int status = 0;
  pid_t who;
  while ((who = waitpid(child, &status, 0)) < 0 && errno == EINTR) {
    report_eintr("waitpid");
  }
  if (who != child) {
    report_wrong(how, errno, 0);
  } else if (!WIFEXITED(status) || WEXITSTATUS(status) != wanted) {
    report_wrong(how, status, wanted << 8);
  }
}

int main(int argc, char **argv) {
  if (argc == 3 && !strcmp(argv[1], "answer")) {
    return answer_to(atoi(argv[2]));
  }
  if (argc < 2) {
    fprintf(stderr, "usage: forks REPORT\n");
    return 2;
  }
  report_open(argv[1]);
  pthread_t thread;
  if (pthread_create(&thread, NULL, compute, NULL)) {
    return 2;
  }
  report->threads = 2;
  report->ready = 1;
  for (int i = 0;; i++) {
    char number[16];
    snprintf(number, sizeof number, "%d", i);
    char *const child_arguments[] = {(char *)"answer", (char *)"answer", number, NULL};
    char *const nothing[] = {NULL};
    pid_t child = -1;
    switch (i % 4) {
      case 0:
        if ((child = fork()) == 0) {
          execve("/proc/self/exe", child_arguments, nothing);
          _exit(127);
        }
        check("fork and exec", child, answer_to(i));
        break;
      case 1:
        if ((child = vfork()) == 0) {
          execve("/proc/self/exe", child_arguments, nothing);
          _exit(127);
        }
        check("vfork and exec", child, answer_to(i));
        break;
      case 2:
        errno = posix_spawn(&child, "/proc/self/exe", NULL, NULL, child_arguments, nothing);
        check("posix_spawn", child, answer_to(i));
        break;
      default:
        if ((child = fork()) == 0) {
          check_general("a forked child");
          _exit(report->wrong ? 1 : 77);
        }
        check("fork", child, 77);
    }
    report_round(0);
    usleep(8000);
  }
}
