// X is one line of a static function that the compiler puts into its caller; the line after it does as much: s / 2.
#define OWN_REGION
#include "truth.h"

static uint64_t both(uint64_t seed_, long x, long rest) {
  SPIN(x) // region
  SPIN(rest)
  return seed_;
}

int main(int argc, char **argv) {
  truth_begin(argc, argv);
  volatile uint64_t seen = 1;
  while (!is_over()) {
    seen = both(seen, scaled(5), units(5));
    step();
  }
  truth_end();
}
