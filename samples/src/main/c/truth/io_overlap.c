// One thread starts its device (a timer of 1 ms), does X meanwhile and waits for the device. Only the device matters: 0.
// Nobody can see that the device was started before X: its wait swallows a delay as that of an arrival does.
#include "truth.h"
#include <sys/timerfd.h>

int main(int argc, char **argv) {
  truth_begin(argc, argv);
  int device = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
  must(device >= 0, "timerfd_create");
  struct itimerspec once = {.it_value = {0, 1000000}};
  uint64_t expired;
  while (!is_over()) {
    must(timerfd_settime(device, 0, &once, NULL) == 0, "timerfd_settime");
    hot(scaled(5));
    while (read(device, &expired, sizeof expired) < 0 && errno == EINTR) {
    }
    step();
  }
  truth_end();
}
