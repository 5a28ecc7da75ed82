// Waits in vfork for its child, again and again: vforks MILLISECONDS. The parent cannot be stopped meanwhile.
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

int main(int argc, char **argv) {
  alarm(60);
  long ms = atol(argv[1]);
  struct timespec t = {ms / 1000, ms % 1000 * 1000000};
  printf("ready\n");
  fflush(stdout);
  for (;;) {
    if (vfork() == 0) {
      nanosleep(&t, NULL);
      _exit(0);
    }
  }
}
