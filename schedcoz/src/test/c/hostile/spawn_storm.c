// posix_spawn and vfork with exec, one after the other: a child that shares its parent's memory while it lives, and has
// its signal handlers for a moment.
#include "hostile.h"
#include <spawn.h>

extern char **environ;

static void ended_well(pid_t pid, const char *how) {
  int status = 0;
  pid_t ended;
  while ((ended = waitpid(pid, &status, 0)) < 0 && errno == EINTR) {
    report_eintr("waitpid");
  }
  if (ended != pid || !WIFEXITED(status) || WEXITSTATUS(status) != 7) {
    report_wrong(how, status, 7 << 8);
  }
}

int main(int argc, char **argv) {
  if (argc == 3 && !strcmp(argv[1], "child")) {
    known_work = atol(argv[2]);
    return cold(known_work) == cold(known_work) ? 7 : 1;
  }
  hostile_begin(argc, argv);
  thread(hot_for_ever, NULL);
  char work[32];
  snprintf(work, sizeof work, "%ld", known_work / 2);
  char *command[] = {argv[0], "child", work, NULL};
  while (!is_over()) {
    pid_t pid = 0;
    errno = posix_spawn(&pid, "/proc/self/exe", NULL, NULL, command, environ);
    must(errno == 0, "posix_spawn");
    do_cold();
    ended_well(pid, "posix_spawn: status");
    pid = vfork();
    if (pid == 0) {
      execve("/proc/self/exe", command, environ);
      _exit(9);
    }
    must(pid > 0, "vfork");
    ended_well(pid, "vfork: status");
    step();
  }
  hostile_end();
}
