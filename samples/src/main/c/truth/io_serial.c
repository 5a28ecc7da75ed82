// X, then a device that takes 1 ms: X's share of the two.
#include "truth.h"

int main(int argc, char **argv) {
  truth_begin(argc, argv);
  while (!is_over()) {
    hot(scaled(10));
    sleep_nanos(1000000);
    step();
  }
  truth_end();
}
