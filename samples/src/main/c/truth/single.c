// One busy thread, half of its work X: s / 2, what a CPU profile says, too.
#include "truth.h"

int main(int argc, char **argv) {
  truth_begin(argc, argv);
  while (!is_over()) {
    hot(scaled(5));
    cold(units(5));
    step();
  }
  truth_end();
}
