// X at every tick of 2 ms. Work comes when it comes: 0, arrival-limited.
#include "truth.h"

int main(int argc, char **argv) {
  truth_begin(argc, argv);
  for (long tick = now_nanos(); !is_over(); tick += 2000000) {
    sleep_until(tick);
    hot(scaled(10));
    step();
  }
  truth_end();
}
